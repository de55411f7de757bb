using Onnx.Llama.Kernels.Cache;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Rewriting;

namespace Onnx.Llama.Kernels.Tests;

public sealed class TinyDecoderTests
{
    /// <summary>Rounding activations to 8 bits is what both do, in blocks of the same size; the rest is float32's.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 5)]
    [InlineData(7, 3)]
    public void Prepare_Decoder_IsStocksButForRounding(int tokens, int second)
    {
        using TinyDecoder decoder = new();
        using Feed feed = TinyDecoder.Prompt(tokens, second);
        string file = decoder.Model.Save();
        float[][] ours = ModelRun.Kernels(file, feed, out KernelReport report);
        Assert.Equal(Processor.Current, report.Form);
        Assert.Equal(TinyDecoder.Kernels, report.Kernels);
        Assert.Empty(report.Stock);
        Assert.True(report.Attends);
        Assert.True(report.IsBatchInvariant);
        float[][] stock = ModelRun.Stock(file, feed);
        for (int i = 0; i < stock.Length; i++) Difference.Near(Real(stock[i], tokens, second), Real(ours[i], tokens, second), 2e-2);
    }

    [Fact]
    public void Prepare_InMemoryAndFromTheCache_GiveTheSameBits()
    {
        using TinyDecoder decoder = new();
        using Feed feed = TinyDecoder.Prompt();
        string file = decoder.Model.Save();
        KernelCache cache = new(decoder.Model.CacheFolder);
        float[][] memory = ModelRun.Kernels(file, feed, out _);
        float[][] written = ModelRun.Kernels(file, feed, out KernelReport first, cache);
        float[][] found = ModelRun.Kernels(file, feed, out KernelReport second, cache);
        Assert.Equal(first.Kernels, second.Kernels);
        Assert.Equal((first.Form, first.Attends, first.IsBatchInvariant), (second.Form, second.Attends, second.IsBatchInvariant));
        for (int i = 0; i < memory.Length; i++)
        {
            Difference.None(memory[i], written[i]);
            Difference.None(memory[i], found[i]);
        }
    }

    /// <summary>What is not padding of the second row: attention leaves that to chance in stock, and 0 in the kernels.</summary>
    private static float[] Real(float[] output, int tokens, int second) => output[..(output.Length / (2 * tokens) * (tokens + second))];
}
