using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Sampling;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Conversion;

/// <summary>A trained model with heads of 8 and a tied head, against the text that llama2.c gives.</summary>
public sealed class StoriesTests
{
    [Fact]
    public async Task Write_Fp32_ContinuesWithTheKnownText()
    {
        using TemporaryFolder folder = new();
        string source = Stories260k.Write(folder["source"]);
        int[] expected = Stories260k.ExpectedIds();
        CancellationToken cancellation = TestContext.Current.CancellationToken;

        using LanguageModel model = Converted.Open(Converted.Write(source, folder["model"], PrecisionRecipe.Fp32));
        GenerationOptions options = new() { MaxTokens = expected.Length - 1, Sampling = SamplingOptions.Greedy, EndIds = [] };
        int[] found = await model.GenerateAsync(expected.AsMemory(0, 1), options, cancellation).Select(delta => delta.TokenId).ToArrayAsync(cancellation);

        Assert.Equal(256, found.Length);
        Assert.Equal(expected[1..], found);
    }
}
