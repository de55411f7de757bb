using System.Text;
using Onnx.Llama.Testing;
using Onnx.Llama.Text.Tests.Fuzzing;
using Onnx.Llama.Text.Tests.Tokenization.Fixtures;
using Onnx.Llama.Tokenization;
using Onnx.Llama.Tokenization.Loading;

namespace Onnx.Llama.Text.Tests.Tokenization;

/// <summary>Damaged files and odd texts: only <see cref="TokenizerException"/> comes out, within the time and memory of <see cref="FuzzRun"/>.</summary>
public class FuzzTests
{
    /// <summary>
    /// What does not grow with a file: the word cache and the tables by character, 1 MB; each expression's own table, 128 KB, and its compiled regex.
    /// </summary>
    private const int FixedBytes = 16 << 20;

    /// <summary>The most that the word cache holds: 65,536 words of 48 characters, about 200 bytes each.</summary>
    private const int CacheBytes = 16 << 20;

    /// <summary>What a decoder is made of.</summary>
    private const int DecoderBytes = 4096;

    private static readonly string[] s_splices =
    [
        "{", "}", "[", "]", "null", "true", "-1", "4294967296", "1e999", "\"", "\\ud800", "\\u0000", ",", ":", "\"type\"", "(?<=a", "[[a-", "{9999}", "(a+)+", "(?:a|a)*b", "\\\\p{L}", "[:^alpha:]",
    ];

    [Fact]
    public void FromJson_DamagedFiles_RefusesOrWorks()
    {
        string[] texts = [.. Enumerable.Range(0, 5).Select(seed => new BoundaryText(seed).Next())];
        byte[] config = """{"tokenizer_class": "LlamaTokenizer", "bos_token": {"content": "<s>"}, "add_bos_token": true, "added_tokens_decoder": {"7": {"content": "<x>"}}, "legacy": false}"""u8.ToArray();
        FuzzRun.Rounds(run =>
        {
            byte[] json = TinyTokenizers.Json(TinyTokenizers.Names[run.Round % TinyTokenizers.Names.Count]);
            bool inConfig = run.Random.Next(5) == 0;
            (json, byte[] settings) = inConfig ? (json, Damage(config, run.Random)) : (Damage(json, run.Random), []);
            Tokenizer? tokenizer = null;
            if (run.Bounded<TokenizerException>(json.Length + settings.Length, FixedBytes, () => tokenizer = Tokenizer.FromJson(json, settings))) Use(run, tokenizer!, texts);
        });
    }

    [Fact]
    public void Convert_DamagedOlderFiles_RefusesOrWorks()
    {
        string path = SharedFolder.PathOf("goldens/tokenizers/spm_mistral_v3/tokenizer.model");
        byte[] model = File.Exists(path) ? File.ReadAllBytes(path)[..20_000] : [0x0A, 3, 0x0A, 1, (byte)'a', 0x12, 2, 0x18, 2];
        byte[] vocab = """{"a": 0, "b": 1, "ab": 2, "Ġ": 3, "Ġa": 4, "<|endoftext|>": 5}"""u8.ToArray(), merges = "#version: 0.2\na b\nĠ a\n"u8.ToArray();
        FuzzRun.Rounds(run =>
        {
            TokenizerConfig config = new() { Class = run.Round % 3 == 0 ? "Qwen2Tokenizer" : "GPT2Tokenizer" };
            if (run.Round % 2 == 0)
            {
                byte[] bytes = Damage(model, run.Random);
                TokenizerConfig completed = SentencePieceConverter.Complete(new TokenizerConfig(), run.Round % 4 == 0 ? "gemma" : null);
                Try(bytes.Length, () => SentencePieceConverter.Convert(SentencePieceModel.Read(bytes, "tokenizer.model"), completed, "tokenizer.model").Build(completed));
            }
            else
            {
                (byte[] pieces, byte[] list) = run.Round % 4 == 1 ? (Damage(vocab, run.Random), merges) : (vocab, Damage(merges, run.Random));
                Try(pieces.Length + list.Length, () => VocabMergesConverter.Convert(pieces, list, config).Build(config));
            }

            void Try(int length, Func<Tokenizer> load)
            {
                Tokenizer? tokenizer = null;
                if (run.Bounded<TokenizerException>(length, FixedBytes, () => tokenizer = load())) Use(run, tokenizer!, ["the fox ab ba\0"]);
            }
        });
    }

    [Fact]
    public void Encode_AnyUnits_Works()
    {
        Tokenizer[] tokenizers = [.. TinyTokenizers.Names.Select(name => Tokenizer.FromJson(TinyTokenizers.Json(name)))];
        FuzzRun.Rounds(run =>
        {
            string text = Units(run.Random);
            int bytes = Encoding.UTF8.GetByteCount(text);
            Tokenizer tokenizer = tokenizers[run.Round % tokenizers.Length];
            int[] ids = [];
            Assert.True(run.Bounded<TokenizerException>(bytes, CacheBytes, () => ids = tokenizer.Encode(text)));
            Assert.True(run.Bounded<TokenizerException>(bytes, CacheBytes, () => Assert.Equal(tokenizer.Count(text), ids.Length)));
            Assert.True(run.Bounded<TokenizerException>(bytes, DecoderBytes, () => Assert.NotNull(tokenizer.Decode(ids))));
            if (text.Length < 1000) Assert.True(run.Bounded<TokenizerException>(bytes, CacheBytes, () => Assert.Equal(ids, tokenizer.EncodeWithOffsets(text).Select(token => token.Id))));
        });
    }

    private static void Use(FuzzRun run, Tokenizer tokenizer, string[] texts)
    {
        foreach (string text in texts)
        {
            int bytes = Encoding.UTF8.GetByteCount(text);
            run.Bounded<TokenizerException>(bytes, CacheBytes, () => tokenizer.Decode(tokenizer.Encode(text)));
            run.Bounded<TokenizerException>(bytes, CacheBytes, () => tokenizer.EncodeWithOffsets(text));
        }
    }

    /// <summary>Mostly short texts of any UTF-16 units; at times a megabyte of one such text over and over.</summary>
    private static string Units(Random random)
    {
        char[] units = new char[random.Next(200)];
        for (int i = 0; i < units.Length; i++) units[i] = (char)(random.Next(3) == 0 ? random.Next(0x10000) : random.Next(0xD7F0, 0xE010));
        if (random.Next(200) > 0) return new string(units);
        string part = random.Next(2) == 0 ? new string(units) + 'a' : new BoundaryText(random.Next()).Next() + 'a';
        return string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length));
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        List<byte> damaged = [.. bytes];
        for (int edits = random.Next(1, 6); edits > 0 && damaged.Count > 1; edits--)
        {
            int at = random.Next(damaged.Count);
            int length = Math.Min(random.Next(1, 40), damaged.Count - at);
            switch (random.Next(6))
            {
                case 0: damaged[at] = (byte)random.Next(256); break;
                case 1: damaged.RemoveRange(at, length); break;
                case 2: damaged.InsertRange(at, damaged.GetRange(at, length)); break;
                case 3: damaged.InsertRange(at, Encoding.UTF8.GetBytes(s_splices[random.Next(s_splices.Length)])); break;
                case 4: damaged[at] ^= (byte)(1 << random.Next(8)); break;
                default: damaged.RemoveRange(at, random.Next(2) == 0 ? damaged.Count - at : length); break;
            }
        }

        return [.. damaged];
    }
}
