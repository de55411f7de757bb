namespace Onnx.Llama.Cli.Verbs;

/// <summary>Numbers for people.</summary>
internal static class Units
{
    /// <summary>"772.1 MB"; decimal prefixes, as disks have them.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        >= 1_000_000_000 => FormattableString.Invariant($"{bytes / 1e9:0.00} GB"),
        >= 1_000_000 => FormattableString.Invariant($"{bytes / 1e6:0.0} MB"),
        >= 1_000 => FormattableString.Invariant($"{bytes / 1e3:0.0} kB"),
        _ => FormattableString.Invariant($"{bytes} B"),
    };

    /// <summary>"1.24 B", "2.55 M".</summary>
    public static string Count(long count) => count switch
    {
        >= 1_000_000_000 => FormattableString.Invariant($"{count / 1e9:0.00} B"),
        >= 1_000_000 => FormattableString.Invariant($"{count / 1e6:0.00} M"),
        >= 1_000 => FormattableString.Invariant($"{count / 1e3:0.0} k"),
        _ => FormattableString.Invariant($"{count}"),
    };
}
