using System.Diagnostics;
using System.Text;
using Onnx.Llama.Cli.Benchmarking;

namespace Onnx.Llama.Benchmarks.Tokenization;

/// <summary>Measures libraries on one folder and text: every round loads each anew, encodes the text for the first time, again several times, and decodes.</summary>
internal sealed class TokenizerMeasurement(string folder, string text, int rounds)
{
    private const int WarmRuns = 3;
    private const int WarmUps = 4;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(300);
    private readonly double _kilobytes = Encoding.UTF8.GetByteCount(text) / 1e3;

    public IReadOnlyList<TokenizerFigures> Run()
    {
        List<(string Name, Func<ITokenizerEngine> Load)> engines = [("Onnx.Llama", () => new OurTokenizer(folder))];
        if (RustTokenizer.Fits(folder)) engines.Add(("Tokenizers.DotNet (Rust)", () => new RustTokenizer(folder)));
        if (MicrosoftTokenizer.Fits(folder)) engines.Add(("Microsoft.ML.Tokenizers", () => new MicrosoftTokenizer(folder)));
        bool[] same = SameIds(engines);
        List<Times>[] times = [.. engines.Select(_ => new List<Times>())];
        for (int round = -WarmUps; round < rounds; round++)
        {
            // The first rounds are for the JIT compiler, which works beside them; every one begins with another library.
            if (round < 0) Thread.Sleep(s_pause);
            for (int turn = 0; turn < engines.Count; turn++)
            {
                int index = (round + WarmUps + turn) % engines.Count;
                Times measured = Measure(engines[index].Load);
                if (round >= 0) times[index].Add(measured);
            }
        }

        return [.. engines.Select((engine, i) => new TokenizerFigures(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)),
            engine.Name,
            same[i],
            Spread.Of(times[i].Select(time => time.Load)),
            Spread.Of(times[i].Select(time => _kilobytes / time.Cold)),
            Spread.Of(times[i].Select(time => _kilobytes / time.Warm)),
            Spread.Of(times[i].Select(time => _kilobytes / time.Decode))))];
    }

    /// <summary>The ids, but for what a library puts before and behind a text.</summary>
    private bool[] SameIds(List<(string Name, Func<ITokenizerEngine> Load)> engines)
    {
        int[][] ids = [.. engines.Select(engine =>
        {
            using ITokenizerEngine loaded = engine.Load();
            int[] empty = loaded.Encode("");
            return loaded.Encode(text)[empty.Length..];
        })];
        return [.. ids.Select(each => each.AsSpan().SequenceEqual(ids[0]))];
    }

    private Times Measure(Func<ITokenizerEngine> load)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        double loading = Milliseconds(load, out ITokenizerEngine engine);
        double cold = Milliseconds(() => engine.Encode(text), out int[] ids);
        double warm = Enumerable.Range(0, WarmRuns).Min(_ => Milliseconds(() => engine.Encode(text), out int[] _));
        double decode = Enumerable.Range(0, WarmRuns).Min(_ => Milliseconds(() => engine.Decode(ids), out string _));
        engine.Dispose();
        return new Times(loading, cold, warm, decode);
    }

    private static double Milliseconds<T>(Func<T> action, out T result)
    {
        long started = Stopwatch.GetTimestamp();
        result = action();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private readonly record struct Times(double Load, double Cold, double Warm, double Decode);
}
