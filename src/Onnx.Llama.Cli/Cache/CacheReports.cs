using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Onnx.Llama.Cli.Verbs;

namespace Onnx.Llama.Cli.Cache;

/// <summary>What <c>cache clear</c> did.</summary>
/// <param name="Entries">How many entries were deleted.</param>
/// <param name="FreedBytes">What that freed, with what unfinished work had left.</param>
/// <param name="Kept">Keys of entries that could not be deleted.</param>
internal sealed record CacheClearing(int Entries, long FreedBytes, IReadOnlyList<string> Kept);

/// <summary>What <c>cache verify</c> found.</summary>
/// <param name="Entries">How many entries were read.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Damaged">Those that are not what was written.</param>
internal sealed record CacheVerification(int Entries, long Bytes, IReadOnlyList<DamagedItem> Damaged);

/// <summary>An entry that is not what was written.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Key">Its folder's name.</param>
/// <param name="Fault">What is wrong.</param>
internal sealed record DamagedItem(CacheKind Kind, string Key, string Fault);

/// <summary>The reports as text and JSON.</summary>
internal static class CacheReports
{
    /// <summary>Paths stand as they are: the reports are no part of a web page.</summary>
    private static readonly CacheReportJson s_json = new(
        new JsonSerializerOptions(CacheReportJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string ToJson(CacheContent content) => JsonSerializer.Serialize(content, s_json.CacheContent) + "\n";

    public static string ToJson(CacheClearing clearing) => JsonSerializer.Serialize(clearing, s_json.CacheClearing) + "\n";

    public static string ToJson(CacheVerification verification) => JsonSerializer.Serialize(verification, s_json.CacheVerification) + "\n";

    public static string ToText(CacheContent content)
    {
        StringBuilder text = new();
        foreach (CacheKind kind in Enum.GetValues<CacheKind>())
        {
            CacheItem[] entries = [.. content.Entries.Where(entry => entry.Kind == kind)];
            int width = entries.Select(entry => entry.Key.Length).DefaultIfEmpty().Max();
            if (entries.Length > 0) text.Append(kind == CacheKind.Packed ? "weights packed for this processor\n" : "converted checkpoints\n");
            foreach (CacheItem entry in entries)
            {
                string source = entry.Source ?? "what cannot be told";
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"  {entry.Key.PadRight(width)} {Units.Bytes(entry.Bytes),10}  used {Local(entry.LastUsed):yyyy-MM-dd HH:mm}  of {source}\n");
            }
        }

        if (content.Foreign.Count > 0) text.Append("not the cache's, and left alone\n");
        foreach (string name in content.Foreign) text.Append(CultureInfo.InvariantCulture, $"  {name}\n");
        double limit = content.PackedLimit / (double)(1L << 30);
        text.Append(CultureInfo.InvariantCulture, $"{Entries(content.Entries.Count)}, {Units.Bytes(content.Bytes)} in {content.Folder}; ");
        return text.Append(CultureInfo.InvariantCulture, $"packed weights take at most {limit:0.###} GiB ($ONNX_LLAMA_CACHE_LIMIT)\n").ToString();
    }

    public static string ToText(CacheClearing clearing) =>
        $"{Entries(clearing.Entries)} deleted, {Units.Bytes(clearing.FreedBytes)} freed\n";

    public static string ToText(CacheVerification verification)
    {
        StringBuilder text = new();
        foreach (DamagedItem item in verification.Damaged)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"DAMAGED  {item.Key}: {item.Fault}. Delete it with onnx-llama cache clear {item.Key}; it is made anew when it is needed next.\n");
        }

        string result = verification.Damaged.Count == 0 ? "all are what was written" : FormattableString.Invariant($"{verification.Damaged.Count} damaged");
        return text.Append(CultureInfo.InvariantCulture, $"{Entries(verification.Entries)} read, {Units.Bytes(verification.Bytes)}; {result}\n").ToString();
    }

    private static string Entries(int count) => count == 1 ? "1 entry" : FormattableString.Invariant($"{count} entries");

    private static DateTime Local(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(utc, TimeProvider.System.LocalTimeZone);
}

/// <summary>The reports' JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(CacheContent))]
[JsonSerializable(typeof(CacheClearing))]
[JsonSerializable(typeof(CacheVerification))]
internal sealed partial class CacheReportJson : JsonSerializerContext;
