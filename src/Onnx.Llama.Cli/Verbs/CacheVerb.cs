using System.CommandLine;
using Onnx.Llama.Cli.Cache;
using Onnx.Llama.Cli.CommandLine;

namespace Onnx.Llama.Cli.Verbs;

/// <summary><c>cache list|clear|verify</c>: weights packed for this processor, and checkpoints that were converted on the way.</summary>
internal static class CacheVerb
{
    public static Command Create(Interrupts interrupts)
    {
        Command command = new("cache", "Show, check and delete what is kept on this machine so that models open fast: packed weights, converted checkpoints.")
        {
            CreateList(),
            CreateClear(),
            CreateVerify(interrupts),
        };
        return command.WithExamples(
            "onnx-llama cache list",
            "onnx-llama cache verify",
            "onnx-llama cache clear                                   everything; it is made again when it is needed",
            "ONNX_LLAMA_CACHE=/big/disk onnx-llama run ./model hi     another folder than the user's cache",
            "ONNX_LLAMA_CACHE_LIMIT=20 onnx-llama run ./model hi      at most 20 GiB of packed weights; the least recently used give way");
    }

    private static Command CreateList()
    {
        Option<bool> json = CommonOptions.Json();
        Command command = new("list", "Show every entry: key, size, when it was used last, and of what it was made.") { json };
        command.SetAction((parsed, _) =>
        {
            CacheContent content = CacheContent.Read();
            Console.Out.Write(parsed.GetValue(json) ? CacheReports.ToJson(content) : CacheReports.ToText(content));
            return Task.FromResult(ExitCodes.Done);
        });
        return command.WithExamples("onnx-llama cache list", "onnx-llama cache list --json");
    }

    private static Command CreateClear()
    {
        Argument<string[]> keys = Keys("The entries to delete; without any, all.");
        Option<bool> kernelsOnly = new("--kernels-only") { Description = "Delete packed weights only, and keep converted checkpoints." };
        Option<bool> json = CommonOptions.Json();
        Command command = new("clear", "Delete entries. What is needed again is made again; a model that runs keeps its weights until it ends.")
        {
            keys,
            kernelsOnly,
            json,
        };
        command.SetAction((parsed, _) =>
        {
            string[] chosen = parsed.GetValue(keys) ?? [];
            bool packedOnly = parsed.GetValue(kernelsOnly);
            if (packedOnly && chosen.Length > 0) throw new UsageException("KEY and --kernels-only are two ways to choose entries; expected one.");
            CacheItem[] entries = [.. CacheContent.Read().Select(chosen).Where(entry => !packedOnly || entry.Kind == CacheKind.Packed)];
            CacheKind[] whole = chosen.Length > 0 ? [] : packedOnly ? [CacheKind.Packed] : [CacheKind.Packed, CacheKind.Converted];
            CacheClearing clearing = CacheWork.Clear(entries, whole);
            foreach (string key in clearing.Kept) Console.Error.WriteLine($"note: {key} cannot be deleted; a model that runs may have it open.");
            Console.Out.Write(parsed.GetValue(json) ? CacheReports.ToJson(clearing) : CacheReports.ToText(clearing));
            return Task.FromResult(clearing.Kept.Count == 0 ? ExitCodes.Done : ExitCodes.Failed);
        });
        return command.WithExamples(
            "onnx-llama cache clear",
            "onnx-llama cache clear --kernels-only                               keep converted checkpoints",
            "onnx-llama cache clear 0f3c5a7e9b1d2f4a6c8e0b2d4f6a8c0e-1-avx512     one entry, as cache list names it");
    }

    private static Command CreateVerify(Interrupts interrupts)
    {
        Argument<string[]> keys = Keys("The entries to read; without any, all.");
        Option<bool> json = CommonOptions.Json();
        Command command = new("verify", "Read entries whole, and say which are not what was written; the exit code is then 1.") { keys, json };
        command.SetAction((parsed, _) =>
        {
            CacheVerification verification = CacheWork.Verify(CacheContent.Read().Select(parsed.GetValue(keys) ?? []), interrupts.Token);
            Console.Out.Write(parsed.GetValue(json) ? CacheReports.ToJson(verification) : CacheReports.ToText(verification));
            return Task.FromResult(verification.Damaged.Count == 0 ? ExitCodes.Done : ExitCodes.Failed);
        });
        return command.WithExamples("onnx-llama cache verify", "onnx-llama cache verify --json");
    }

    private static Argument<string[]> Keys(string description) => new("KEY") { Description = description, Arity = ArgumentArity.ZeroOrMore };
}
