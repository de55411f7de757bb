using System.Diagnostics;
using Onnx.Llama.Cli.CommandLine;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Cli.Texts;

/// <summary>Puts texts through a model group by group, so that results come while later texts wait, and little of them is held.</summary>
/// <param name="options">How texts run together, and whether they may be cut off.</param>
/// <param name="contextLength">The most tokens of a text.</param>
/// <param name="vocabulary">Tokens that the model knows.</param>
internal sealed class TextRun(BatchOptions options, int contextLength, int vocabulary)
{
    /// <summary>Runs' worth of texts that are sorted by length together.</summary>
    private const int BatchesInGroup = 16;

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _last;

    /// <summary>Runs all texts. All are tokenized first: what is wrong with one is said before anything is printed.</summary>
    /// <param name="inputs">The texts.</param>
    /// <param name="encode">Makes a text's tokens.</param>
    /// <param name="compute">Gives a result for each text, from their tokens.</param>
    /// <param name="write">Takes a text's place, its tokens and its result.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="InputException">A text has no tokens or too many, or cannot be tokenized.</exception>
    public void Run<T>(
        IReadOnlyList<TextInput> inputs, Func<string, int[]> encode, Func<IReadOnlyList<int[]>, T[]> compute, Action<int, int, T> write, CancellationToken cancellationToken)
    {
        int[][] ids = new int[inputs.Count][];
        for (int i = 0; i < ids.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ids[i] = Ids(inputs[i], encode);
        }

        int done = 0;
        foreach (int[][] group in ids.Chunk(checked(options.BatchSize * BatchesInGroup)))
        {
            T[] results = compute(group);
            for (int i = 0; i < results.Length; i++, done++) write(done, group[i].Length, results[i]);
            ShowProgress(done, ids.Length);
        }
    }

    private int[] Ids(TextInput input, Func<string, int[]> encode)
    {
        try
        {
            return input.Ids is { } ids ? Checked(ids, input.Source) : encode(input.Text!);
        }
        catch (Exception fault) when (fault is ModelException or TokenizerException)
        {
            throw new InputException(input.Source, fault.Message);
        }
    }

    private int[] Checked(int[] ids, string source)
    {
        if (ids.Length == 0 || (ids.Length > contextLength && !options.Truncate))
        {
            throw new InputException(source, FormattableString.Invariant($"has {ids.Length} tokens; expected 1 to {contextLength}, the model's context."));
        }

        foreach (int id in ids)
        {
            if (id < 0 || id >= vocabulary) throw new InputException(source, FormattableString.Invariant($"has the token {id}; expected 0 to {vocabulary - 1}, the model's vocabulary."));
        }

        return ids;
    }

    /// <summary>Only where the results go elsewhere: on a terminal they are the progress.</summary>
    private void ShowProgress(int done, int total)
    {
        TimeSpan now = _watch.Elapsed;
        if (!Console.IsOutputRedirected || done == total || now - _last < s_interval) return;
        _last = now;
        double rate = done / now.TotalSeconds;
        Console.Error.WriteLine(FormattableString.Invariant($"{done} of {total} texts, {rate:0.0} texts/s, {(total - done) / rate:0} s left"));
    }
}
