namespace Onnx.Llama.Benchmarks.Engines;

/// <summary>Something that runs a model folder: one or several sequences of the same prompt, then tokens one by one in all of them together.</summary>
internal interface IEngine : IDisposable
{
    /// <summary>Begins anew: runs the prompt in every sequence, up to its first token; returns the seconds of that.</summary>
    /// <param name="prompt">Token ids.</param>
    /// <param name="sequences">How many sequences begin with it.</param>
    /// <param name="room">Tokens that will follow it.</param>
    public double Prefill(int[] prompt, int sequences, int room);

    /// <summary>Gives every sequence as many tokens, at most the room; returns the seconds.</summary>
    public double Decode(int tokens);

    /// <summary>Takes every sequence back to the end of its prompt.</summary>
    public void Rewind();
}
