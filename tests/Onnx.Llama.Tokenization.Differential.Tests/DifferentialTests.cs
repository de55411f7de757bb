using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Onnx.Llama.Text.Tests.Tokenization.Fixtures;
using Reference = Tokenizers.DotNet.Tokenizer;

namespace Onnx.Llama.Tokenization.Differential.Tests;

/// <summary>
/// Ids and decoded text beside those of Hugging Face's Rust library, in process, for random text. ONNX_LLAMA_DIFFERENTIAL_COMPARISONS and
/// ONNX_LLAMA_DIFFERENTIAL_SEED change how many texts are compared, over all tokenizers together, and which.
/// </summary>
public class DifferentialTests
{
    private static readonly int s_comparisons = Setting("ONNX_LLAMA_DIFFERENTIAL_COMPARISONS", 30_000);
    private static readonly int s_seed = Setting("ONNX_LLAMA_DIFFERENTIAL_SEED", 1);

    public static TheoryData<string> AllSubjects => [.. Subjects.Names];

    [Theory]
    [MemberData(nameof(AllSubjects))]
    public void EncodeAndDecode_RandomText_EqualTheRustLibrary(string subject)
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "the Rust library comes for linux-x64 only");
        byte[] json = Subjects.Json(subject);
        using var file = new TemporaryFile(json);
        using var reference = new Reference(file.Path);
        Tokenizer ours = Tokenizer.FromJson(json);
        var texts = new BoundaryText(HashCode(subject) + s_seed, AddedTokensOf(json));
        int comparisons = s_comparisons / Subjects.Names.Count + 1;
        var differences = new List<string>();
        for (int i = 0; i < comparisons; i++) Compare(differences, ours, reference, texts.Next());
        Assert.True(differences.Count == 0, $"{differences.Count} of {comparisons} differ\n" + string.Join('\n', differences.OrderBy(text => text.Length).Take(4)));
    }

    private static void Compare(List<string> differences, Tokenizer ours, Reference reference, string text)
    {
        uint[] expected = reference.Encode(text);
        int[] ids = ours.Encode(text);
        string shown = Shown(text);
        if (!expected.AsSpan().SequenceEqual(MemoryMarshal.Cast<int, uint>(ids)))
        {
            differences.Add($"\"{shown}\": expected {string.Join(',', expected)} but got {string.Join(',', ids)}");
            return;
        }

        string decoded = reference.Decode(expected);
        string our = ours.Decode(ids, skipSpecialTokens: true);
        if (decoded != our) differences.Add($"decode of \"{shown}\": expected \"{Shown(decoded)}\" but got \"{Shown(our)}\"");
    }

    private static string Shown(string text) => string.Concat(text.Select(unit => unit is >= ' ' and <= '~' ? unit.ToString() : $"\\u{(int)unit:X4}"));

    private static int HashCode(string text) => text.Aggregate(17, (hash, unit) => unchecked(hash * 31 + unit));

    private static int Setting(string name, int defaultValue) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : defaultValue;

    private static List<string> AddedTokensOf(byte[] json) =>
        [.. JsonNode.Parse(Encoding.UTF8.GetString(json))!["added_tokens"]!.AsArray().Select(token => token!["content"]!.GetValue<string>()).Take(40)];
}
