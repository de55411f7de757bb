using System.Diagnostics;
using System.Globalization;
using System.Text;
using Onnx.Llama.Text.Tests.Tokenization.Fixtures;
using Onnx.Llama.Tokenization;
using Onnx.Llama.Tokenization.Loading;

namespace Onnx.Llama.Text.Tests.Tokenization;

/// <summary>
/// Damaged files and odd texts: only <see cref="TokenizerException"/> comes out, in bounded memory. ONNX_LLAMA_FUZZ_SECONDS says for how long,
/// ONNX_LLAMA_FUZZ_SEED with which numbers to begin.
/// </summary>
public class FuzzTests
{
    private static readonly double s_seconds = Setting("ONNX_LLAMA_FUZZ_SECONDS", 4);
    private static readonly int s_seed = (int)Setting("ONNX_LLAMA_FUZZ_SEED", 1);

    [Fact]
    public void FromJson_DamagedFiles_RefusesOrWorks()
    {
        string[] texts = [.. Enumerable.Range(0, 5).Select(seed => new BoundaryText(seed).Next())];
        Run((random, round) =>
        {
            byte[] json = Damage(TinyTokenizers.Json(TinyTokenizers.Names[round % TinyTokenizers.Names.Count]), random);
            Bounded(json.Length, () =>
            {
                Tokenizer tokenizer = Tokenizer.FromJson(json);
                foreach (string text in texts) tokenizer.Decode(tokenizer.Encode(text));
                tokenizer.EncodeWithOffsets(texts[0]);
            });
        });
    }

    [Fact]
    public void Read_DamagedSentencePieceModels_RefusesOrWorks()
    {
        byte[] model = File.Exists(Testing.SharedFolder.PathOf("goldens/tokenizers/spm_mistral_v3/tokenizer.model"))
            ? File.ReadAllBytes(Testing.SharedFolder.PathOf("goldens/tokenizers/spm_mistral_v3/tokenizer.model"))[..20_000]
            : [0x0A, 3, 0x0A, 1, (byte)'a', 0x12, 2, 0x18, 2];
        Run((random, round) =>
        {
            byte[] bytes = Damage(model, random);
            Bounded(bytes.Length, () =>
            {
                SentencePieceModel read = SentencePieceModel.Read(bytes, "tokenizer.model");
                TokenizerConfig config = SentencePieceConverter.Complete(new TokenizerConfig(), round % 2 == 0 ? "gemma" : null);
                SentencePieceConverter.Convert(read, config, "tokenizer.model").Build(config).Encode("the fox");
            });
        });
    }

    [Fact]
    public void Encode_AnyUnits_Works()
    {
        Tokenizer[] tokenizers = [.. TinyTokenizers.Names.Select(name => Tokenizer.FromJson(TinyTokenizers.Json(name)))];
        Run((random, round) =>
        {
            char[] units = new char[random.Next(200)];
            for (int i = 0; i < units.Length; i++) units[i] = (char)(random.Next(3) == 0 ? random.Next(0x10000) : random.Next(0xD7F0, 0xE010));
            Tokenizer tokenizer = tokenizers[round % tokenizers.Length];
            Bounded(units.Length, () => Assert.Equal(tokenizer.Count(units), tokenizer.Encode(units).Length));
        });
    }

    private static void Run(Action<Random, int> round)
    {
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; Stopwatch.GetElapsedTime(started).TotalSeconds < s_seconds; i++) round(new Random(unchecked((s_seed * 1_000_003) + i)), i);
    }

    private static void Bounded(int inputBytes, Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            action();
        }
        catch (TokenizerException e)
        {
            Assert.NotEmpty(e.Message);
        }

        // Tables of fixed size (the word cache, one entry for each character) are 16 MB at most.
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 64L * inputBytes + (16 << 20), $"{allocated} bytes were allocated for an input of {inputBytes}");
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        List<byte> damaged = [.. bytes];
        string[] splices = ["{", "}", "[", "]", "null", "true", "-1", "4294967296", "1e999", "\"", "\\ud800", "\\u0000", ",", ":", "\"type\"", "(?<=a", "[[a-", "{9999}", "(a+)+"];
        for (int edits = random.Next(1, 6); edits > 0 && damaged.Count > 1; edits--)
        {
            int at = random.Next(damaged.Count);
            int length = Math.Min(random.Next(1, 40), damaged.Count - at);
            switch (random.Next(6))
            {
                case 0: damaged[at] = (byte)random.Next(256); break;
                case 1: damaged.RemoveRange(at, length); break;
                case 2: damaged.InsertRange(at, damaged.GetRange(at, length)); break;
                case 3: damaged.InsertRange(at, Encoding.UTF8.GetBytes(splices[random.Next(splices.Length)])); break;
                case 4: damaged[at] ^= (byte)(1 << random.Next(8)); break;
                default: damaged.RemoveRange(at, random.Next(2) == 0 ? damaged.Count - at : length); break;
            }
        }

        return [.. damaged];
    }

    private static double Setting(string name, double defaultValue) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? double.Parse(value, CultureInfo.InvariantCulture) : defaultValue;
}
