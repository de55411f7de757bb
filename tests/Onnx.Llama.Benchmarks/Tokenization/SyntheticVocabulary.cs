using System.Diagnostics;
using System.Text.Json;
using Onnx.Llama.Cli.Benchmarking;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Benchmarks.Tokenization;

/// <summary>Made-up vocabularies of letters, for how loading grows with their size.</summary>
internal static class SyntheticVocabulary
{
    private const int MaximumLength = 12;

    /// <summary>Milliseconds to load each size, in turns.</summary>
    public static Dictionary<string, Spread> Measure(int[] sizes, int rounds)
    {
        byte[][] files = [.. sizes.Select(Json)];
        List<double>[] times = [.. sizes.Select(_ => new List<double>())];
        for (int round = -2; round < rounds; round++)
        {
            for (int i = 0; i < files.Length; i++)
            {
                GC.Collect();
                long started = Stopwatch.GetTimestamp();
                Tokenizer.FromJson(files[i]);
                if (round >= 0) times[i].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        return sizes.Zip(times).ToDictionary(pair => FormattableString.Invariant($"{pair.First}"), pair => Spread.Of(pair.Second));
    }

    private static byte[] Json(int size)
    {
        Random random = new(1);
        List<string> pieces = [.. Enumerable.Range(0, 256).Select(value => ((char)(value < 94 ? '!' + value : '\u00A1' + value)).ToString())];
        HashSet<string> known = [.. pieces];
        List<string> merges = [];
        while (pieces.Count < size)
        {
            string left = pieces[random.Next(pieces.Count)], right = pieces[random.Next(pieces.Count)];
            if (left.Length + right.Length > MaximumLength || !known.Add(left + right)) continue;
            pieces.Add(left + right);
            merges.Add($"{left} {right}");
        }

        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("model");
            writer.WriteString("type", "BPE");
            writer.WriteStartObject("vocab");
            for (int id = 0; id < pieces.Count; id++) writer.WriteNumber(pieces[id], id);
            writer.WriteEndObject();
            writer.WriteStartArray("merges");
            foreach (string merge in merges) writer.WriteStringValue(merge);
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
