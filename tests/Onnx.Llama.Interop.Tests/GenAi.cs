using Microsoft.ML.OnnxRuntimeGenAI;

namespace Onnx.Llama.Interop.Tests;

/// <summary>Runs a model folder as it is with onnxruntime-genai.</summary>
internal static class GenAi
{
    /// <summary>The likeliest tokens after a prompt. None of them is an end token: min_length takes those out of the choice.</summary>
    public static int[] Greedy(string folder, int[] prompt, int count)
    {
        using Model model = new(folder);
        using GeneratorParams settings = new(model);
        settings.SetSearchOption("do_sample", false);
        settings.SetSearchOption("min_length", prompt.Length + count);
        settings.SetSearchOption("max_length", prompt.Length + count);
        using Generator generator = new(model, settings);
        generator.AppendTokens(prompt);
        while (!generator.IsDone()) generator.GenerateNextToken();
        return generator.GetSequence(0)[prompt.Length..].ToArray();
    }

    /// <summary>The shape of the logits that the graph returns for a prompt.</summary>
    public static long[] LogitsShape(string folder, int[] prompt)
    {
        using Model model = new(folder);
        using GeneratorParams settings = new(model);
        settings.SetSearchOption("max_length", prompt.Length + 1);
        using Generator generator = new(model, settings);
        generator.AppendTokens(prompt);
        using Tensor logits = generator.GetOutput("logits");
        return logits.Shape();
    }

    /// <summary>A text's tokens, by the folder's tokenizer.</summary>
    public static int[] Encode(string folder, string text)
    {
        using Model model = new(folder);
        using Tokenizer tokenizer = new(model);
        using Sequences sequences = tokenizer.Encode(text);
        return sequences[0].ToArray();
    }
}
