using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Tests.Targets;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Configs;

/// <summary>
/// No setting is ignored in silence: another value of any key changes what is written, or is refused by name, or the key is known to mean nothing.
/// </summary>
public sealed partial class ConfigKeysTests
{
    private static readonly Lazy<ConfigChanges> s_changes = new(() => new ConfigChanges(
        ReferenceModel.AllConfigs().SelectMany(ConfigChanges.Values)
            .DistinctBy(entry => (entry.Key, entry.Value.ToJsonString()))
            .ToLookup(entry => entry.Key, entry => entry.Value)));

    [Theory]
    [MemberData(nameof(Goldens.Names), MemberType = typeof(Goldens))]
    public void Create_AnySettingChanged_ChangesTheFolderOrIsRefused(string name)
    {
        using TemporaryFolder folder = new();
        JsonObject config = ReferenceModel.CopyTo(folder, name);
        JsonObject v5 = ReferenceModel.NewSpelling(name);
        HashSet<string> old = [.. config.Select(Text)];

        string[] ignored = [.. Ignored(folder, config, _ => true), .. Ignored(folder, v5, key => !old.Contains(Text(new(key, v5[key]))))];

        Assert.True(ignored.Length == 0, $"{ignored.Length} changes are ignored:\n{string.Join('\n', ignored)}");

        static string Text(KeyValuePair<string, JsonNode?> entry) => $"{entry.Key} {entry.Value?.ToJsonString()}";
    }

    [Theory]
    [MemberData(nameof(Goldens.Names), MemberType = typeof(Goldens))]
    public void Create_SettingOfAnotherFamily_IsReadOrRefusedOrReported(string name)
    {
        using TemporaryFolder folder = new();
        JsonObject config = ReferenceModel.CopyTo(folder, name);
        FolderContent before = FolderContent.Of(folder.Path, folder["output"]);
        IEnumerable<ConfigChange> changes = s_changes.Value.Foreign(config);

        string[] ignored = [.. Ignored(folder, config, changes, before)];

        Assert.True(ignored.Length == 0, $"{ignored.Length} settings are ignored:\n{string.Join('\n', ignored)}");
    }

    /// <summary>What is ignored of a config's own settings, those within <paramref name="isWanted"/> keys.</summary>
    private static IEnumerable<string> Ignored(TemporaryFolder folder, JsonObject config, Predicate<string> isWanted)
    {
        folder.Write(HfConfig.FileName, config.ToJsonString());
        FolderContent before = FolderContent.Of(folder.Path, folder["output"]);
        return Ignored(folder, config, s_changes.Value.Of(config).Where(change => isWanted(change.Path[0])), before);
    }

    private static IEnumerable<string> Ignored(TemporaryFolder folder, JsonObject config, IEnumerable<ConfigChange> changes, FolderContent before)
    {
        IEnumerable<ConfigChange> wanted = changes.Where(change => !MeaninglessKeys.Contains(change.Key) && !SettledKeys.Contains(change, config));
        foreach (IGrouping<string, ConfigChange> ofKey in wanted.GroupBy(change => change.DottedPath))
        {
            bool hasEffect = false;
            foreach (ConfigChange change in ofKey.OrderBy(change => change.MayBeDefault).ThenByDescending(change => change.Value is null))
            {
                if (change.MayBeDefault && hasEffect && change.Value is not null) break;
                string? fault = Fault(folder, config, change, before);
                hasEffect |= fault is null;
                if (fault is not null && !change.MayBeDefault) yield return $"{change}: {fault}";
            }

            if (!hasEffect) yield return $"{ofKey.Key}: no value of it has an effect";
        }
    }

    private static string? Fault(TemporaryFolder folder, JsonObject config, ConfigChange change, FolderContent before)
    {
        folder.Write(HfConfig.FileName, change.Apply(config));
        try
        {
            return before.IsThatOf(folder.Path, folder["output"], change.Key) ? "has no effect" : null;
        }
        catch (Exception refusal) when (refusal is CheckpointException or ConversionException)
        {
            return QuotedName().IsMatch(refusal.Message) ? null : $"refused without a name: {refusal.Message}";
        }
    }

    /// <summary>A key or a tensor in a message.</summary>
    [GeneratedRegex(@"'[\w.]+'")]
    private static partial Regex QuotedName();
}
