using System.Text.Json;
using Onnx.Llama.Cli.Tests.EndToEnd;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.Caching;

public sealed class CacheVerbTests : IDisposable
{
    private readonly PrivateCache _cache = new();

    [Fact]
    public async Task List_BothKinds_ShowsKeySourceSizeAndTheTotal()
    {
        string model = await FillAsync();

        JsonElement content = await _cache.JsonAsync(0, "cache", "list");
        ToolRun text = await _cache.RunAsync(["cache", "list"]);

        JsonElement[] entries = [.. content.GetProperty("entries").EnumerateArray()];
        Assert.Equal(["packed", "packed", "converted"], entries.Select(entry => Text(entry, "kind")));
        Assert.Equal("source-int4", Text(entries[2], "source"));
        Assert.Contains(Path.Combine(model, "model.onnx"), entries[..2].Select(entry => Text(entry, "source")));
        Assert.All(entries, entry => Assert.InRange(entry.GetProperty("last_used").GetDateTime(), DateTime.UtcNow.AddHours(-1), DateTime.UtcNow));
        Assert.Equal(BytesUnder(_cache.Path), content.GetProperty("bytes").GetInt64());
        Assert.Equal(entries.Sum(entry => entry.GetProperty("bytes").GetInt64()), content.GetProperty("bytes").GetInt64());
        Assert.Equal((_cache.Path, 64L << 30), (Text(content, "folder"), content.GetProperty("packed_limit").GetInt64()));
        foreach (JsonElement entry in entries) Assert.Contains(Text(entry, "key")!, text.Output, StringComparison.Ordinal);
        Assert.Contains($"in {_cache.Path}; packed weights take at most 64 GiB", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clear_ForeignThings_StayAndAreListed()
    {
        await FillAsync();
        Directory.CreateDirectory(_cache["elsewhere"]);
        File.WriteAllText(_cache["elsewhere/precious"], "x");
        string link = Path.Combine(_cache.Kernels, Path.GetFileName(_cache.Packed[0]).Replace("-1-", "-2-", StringComparison.Ordinal));
        Directory.CreateSymbolicLink(link, _cache["elsewhere"]);
        string[] names = ["photos", "kernels/mine", "models/notes", "models/.hidden"];
        foreach (string name in names) Directory.CreateDirectory(Path.Combine(_cache.Path, name));
        File.WriteAllText(Path.Combine(_cache.Path, "photos", "a.jpg"), "x");
        string[] foreign = ["photos", $"kernels/{Path.GetFileName(link)}", "kernels/mine", "models/.hidden", "models/notes"];

        JsonElement before = await _cache.JsonAsync(0, "cache", "list");
        JsonElement cleared = await _cache.JsonAsync(0, "cache", "clear");
        JsonElement after = await _cache.JsonAsync(0, "cache", "list");

        Assert.Equal(foreign.Order(StringComparer.Ordinal), Foreign(before));
        Assert.Equal(before.GetProperty("bytes").GetInt64(), cleared.GetProperty("freed_bytes").GetInt64());
        Assert.Equal(3, cleared.GetProperty("entries").GetInt32());
        Assert.Empty(after.GetProperty("entries").EnumerateArray());
        Assert.Equal(Foreign(before), Foreign(after));
        Assert.True(File.Exists(_cache["elsewhere/precious"]));
        Assert.True(File.Exists(Path.Combine(_cache.Path, "photos", "a.jpg")));
    }

    [Fact]
    public async Task Clear_Some_KeepsTheRest()
    {
        await FillAsync();
        string key = Path.GetFileName(_cache.Packed[0]);

        ToolRun unknown = await _cache.RunAsync(["cache", "clear", "nothing"]);
        ToolRun one = await _cache.RunAsync(["cache", "clear", key]);
        int left = _cache.Packed.Length;
        JsonElement kernels = await _cache.JsonAsync(0, "cache", "clear", "--kernels-only");

        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("the cache has no entry 'nothing'; expected a key that onnx-llama cache list shows.", unknown.Error, StringComparison.Ordinal);
        Assert.Matches(@"^1 entry deleted, [\d.]+ kB freed\n$", one.Output);
        Assert.Equal((1, 1), (left, kernels.GetProperty("entries").GetInt32()));
        Assert.Empty(_cache.Packed);
        Assert.Single(Directory.GetDirectories(Path.Combine(_cache.Path, "models")));
    }

    [Fact]
    public async Task Clear_WhatKilledWorkLeft_IsDeletedAndCounted()
    {
        Directory.CreateDirectory(Path.Combine(_cache.Kernels, ".unfinished-0"));
        File.WriteAllBytes(Path.Combine(_cache.Kernels, ".unfinished-0", "weights.bin"), new byte[1000]);
        string partial = Directory.CreateDirectory(Path.Combine(_cache.Path, "models", ".tales-int4-0123456789abcdef.partial")).FullName;
        File.WriteAllBytes(Path.Combine(partial, "model.onnx.data"), new byte[200]);

        JsonElement before = await _cache.JsonAsync(0, "cache", "list");
        JsonElement cleared = await _cache.JsonAsync(0, "cache", "clear");

        Assert.Empty(before.GetProperty("foreign").EnumerateArray());
        Assert.Equal(1200, cleared.GetProperty("freed_bytes").GetInt64());
        Assert.Empty(Directory.EnumerateFiles(_cache.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Clear_ConversionAtWork_IsLeftAlone()
    {
        string models = Directory.CreateDirectory(Path.Combine(_cache.Path, "models")).FullName;
        string partial = Directory.CreateDirectory(Path.Combine(models, ".tales-int4-0123456789abcdef.partial")).FullName;
        string lockFile = Path.Combine(models, ".tales-int4-0123456789abcdef.lock");
        using FileStream holding = new(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);

        JsonElement cleared = await _cache.JsonAsync(0, "cache", "clear");

        Assert.Equal(0, cleared.GetProperty("freed_bytes").GetInt64());
        Assert.True(Directory.Exists(partial) && File.Exists(lockFile));
    }

    [Theory]
    [InlineData("kernels", "weights.bin", "is damaged in MiB 0")]
    [InlineData("kernels", "model.onnx", "is not what was written")]
    [InlineData("models", "model.onnx.data", "is not what was written")]
    public async Task Verify_FlippedBit_NamesTheEntryAndTheFile(string kind, string file, string expected)
    {
        await FillAsync();
        string entry = Directory.GetDirectories(Path.Combine(_cache.Path, kind))[0];
        ToolRun sound = await _cache.RunAsync(["cache", "verify"]);
        Flip(Path.Combine(entry, file));

        ToolRun damaged = await _cache.RunAsync(["cache", "verify"]);
        JsonElement report = await _cache.JsonAsync(1, "cache", "verify", Path.GetFileName(entry));

        Assert.True(sound.ExitCode == 0, sound.Error + sound.Output);
        Assert.Matches(@"^3 entries read, [\d.]+ kB; all are what was written\n$", sound.Output);
        Assert.Equal(1, damaged.ExitCode);
        string key = Path.GetFileName(entry);
        string advice = $"Delete it with onnx-llama cache clear {key}; it is made anew when it is needed next.\n";
        Assert.Contains($"DAMAGED  {key}: {file} {expected}. {advice}", damaged.Output, StringComparison.Ordinal);
        Assert.Equal((1, key), (report.GetProperty("entries").GetInt32(), Text(Assert.Single(report.GetProperty("damaged").EnumerateArray()), "key")));
    }

    [Theory]
    [InlineData("entry.json")]
    [InlineData("weights.bin")]
    public async Task Verify_MissingFile_IsDamage(string file)
    {
        await _cache.BenchAsync(_cache.Model("model"));
        File.Delete(Path.Combine(_cache.Packed[0], file));

        ToolRun run = await _cache.RunAsync(["cache", "verify"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(file, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cache_FolderAbsent_IsEmptyAndNotMade()
    {
        JsonElement content = await _cache.JsonAsync(0, "cache", "list");
        ToolRun cleared = await _cache.RunAsync(["cache", "clear"]);
        ToolRun verified = await _cache.RunAsync(["cache", "verify"]);

        Assert.Equal((0, 0, 0), (content.GetProperty("entries").GetArrayLength(), cleared.ExitCode, verified.ExitCode));
        Assert.Equal("0 entries deleted, 0 B freed\n", cleared.Output);
        Assert.False(Directory.Exists(_cache.Path));
    }

    [Fact]
    public async Task Cache_FileInItsPlace_IsNamed()
    {
        File.WriteAllText(_cache.Path, "x");

        ToolRun run = await _cache.RunAsync(["cache", "list"]);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains($"error: {_cache.Path}: is a file; expected the cache's folder, or nothing.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cache_UnreadableFolder_IsNamed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "needs Unix, and a user who may not read everything");
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateDirectory(_cache.Kernels);
        File.SetUnixFileMode(_cache.Kernels, UnixFileMode.None);

        ToolRun run = await _cache.RunAsync(["cache", "list"]);

        File.SetUnixFileMode(_cache.Kernels, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("cannot be read", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cache_Help_HasExamplesForEach()
    {
        foreach (string verb in new[] { "list", "clear", "verify" })
        {
            ToolRun help = await _cache.RunAsync(["cache", verb, "--help"]);
            Assert.Contains($"Examples:\n  onnx-llama cache {verb}", help.Output, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _cache.Dispose();

    /// <summary>Packed weights of two models, one of which is a converted checkpoint; the folder of the other.</summary>
    private async Task<string> FillAsync()
    {
        string model = _cache.Model("model");
        await _cache.BenchAsync(model);
        string source = TinyCheckpoint.Write(_cache["source"], TinyCheckpoint.Default);
        await _cache.RunAsync(["run", source, "hi"]); // converts, and then lacks a tokenizer
        await _cache.BenchAsync(Directory.GetDirectories(Path.Combine(_cache.Path, "models"))[0]);
        return model;
    }

    private static void Flip(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(file, bytes);
    }

    private static long BytesUnder(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    private static string?[] Foreign(JsonElement content) =>
        [.. content.GetProperty("foreign").EnumerateArray().Select(name => name.GetString()).Order(StringComparer.Ordinal)];

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
