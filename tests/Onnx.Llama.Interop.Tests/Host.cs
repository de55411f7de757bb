using Onnx.Llama.Sampling;

namespace Onnx.Llama.Interop.Tests;

/// <summary>Runs a model folder with this project's host.</summary>
internal static class Host
{
    /// <summary>The likeliest tokens after a prompt, end tokens like any other.</summary>
    public static async Task<int[]> GreedyAsync(string folder, int[] prompt, int count, CancellationToken cancellationToken)
    {
        using LanguageModel model = LanguageModel.Open(folder, new ModelOptions { Threads = 1, Spinning = false, KernelCache = null }, cancellationToken);
        GenerationOptions options = new() { MaxTokens = count, Sampling = SamplingOptions.Greedy, EndIds = [] };
        return await model.GenerateAsync(prompt, options, cancellationToken).Select(delta => delta.TokenId).ToArrayAsync(cancellationToken);
    }
}
