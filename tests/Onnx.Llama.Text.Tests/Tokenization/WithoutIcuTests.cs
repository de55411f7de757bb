using System.Diagnostics;
using Onnx.Llama.Text.Tests.Tokenization.Fixtures;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Text.Tests.Tokenization;

/// <summary>A process without ICU: normalisation is refused, everything else works. The test runs itself again in such a process.</summary>
public class WithoutIcuTests
{
    private static bool IsInvariant => AppContext.TryGetSwitch("System.Globalization.Invariant", out bool invariant) && invariant;

    [Fact]
    public async Task FromJson_InvariantGlobalization_RefusesNormalisationOnly()
    {
        if (IsInvariant)
        {
            TokenizerException error = Assert.Throws<TokenizerException>(() => Tokenizer.FromJson(TinyTokenizers.Json("qwen")));
            Assert.StartsWith("tokenizer.json: normalizer: Unicode normalisation needs ICU", error.Message, StringComparison.Ordinal);
            foreach (string layout in TinyTokenizers.Names.Except(["qwen"]))
            {
                Tokenizer tokenizer = Tokenizer.FromJson(TinyTokenizers.Json(layout));
                Assert.Equal("naïve café 𝐀", tokenizer.Decode(tokenizer.Encode("naïve café 𝐀", addSpecialTokens: false)));
            }

            return;
        }

        (int exitCode, string output) = await RunWithoutIcuAsync();
        Assert.True(exitCode == 0 && output.Contains("Total: 1,", StringComparison.Ordinal), output);
    }

    private static async Task<(int ExitCode, string Output)> RunWithoutIcuAsync()
    {
        string assembly = typeof(WithoutIcuTests).Assembly.Location;
        string config = await File.ReadAllTextAsync(Path.ChangeExtension(assembly, ".runtimeconfig.json"), TestContext.Current.CancellationToken);
        string changed = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.runtimeconfig.json");
        await File.WriteAllTextAsync(
            changed,
            config.Replace("\"System.Globalization.Invariant\": false", "\"System.Globalization.Invariant\": true", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        string method = $"{typeof(WithoutIcuTests).FullName}.{nameof(FromJson_InvariantGlobalization_RefusesNormalisationOnly)}";
        var start = new ProcessStartInfo("dotnet", ["exec", "--runtimeconfig", changed, assembly, "-method", method, "-noColor"]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        File.Delete(changed);
        return (process.ExitCode, output);
    }
}
