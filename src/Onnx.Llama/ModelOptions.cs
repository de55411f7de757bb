using Microsoft.Extensions.Logging;
using Onnx.Llama.Kernels.Cache;

namespace Onnx.Llama;

/// <summary>How a model is opened.</summary>
public sealed record ModelOptions
{
    /// <summary>Where it runs; <see cref="Provider.Auto"/> takes the best that is there.</summary>
    public Provider Provider { get; init; }

    /// <summary>
    /// The graph to run, by the provider it was made for (<c>cpu</c>, <c>cuda</c>, <c>dml</c>) or by its file's name; null takes the one that was made for the
    /// provider. Together with a <see cref="Provider"/>, the graph runs there whatever it was made for: so a GPU's graph can be tested on the CPU.
    /// </summary>
    public string? Variant { get; init; }

    /// <summary>What computes on the CPU; other providers have their own.</summary>
    public KernelChoice Kernels { get; init; }

    /// <summary>
    /// Where weights that were packed for this processor are kept, shared by all processes; null packs them in memory each time, which is slower and takes
    /// more memory.
    /// </summary>
    public KernelCache? KernelCache { get; init; } = CacheFolder.Kernels;

    /// <summary>Told of the packing of weights, when a model is opened for the first time on a machine; null for nobody.</summary>
    public IProgress<PackingProgress>? PackingProgress { get; init; }

    /// <summary>Threads of one step, the caller's included; null takes the physical cores.</summary>
    public int? Threads
    {
        get;
        init => field = value is null or > 0
            ? value : throw new ArgumentOutOfRangeException(nameof(Threads), value, "expected at least 1, or null for the physical cores");
    }

    /// <summary>
    /// Whether idle threads spin between steps: faster generation (a fifth and more on small models) for busy cores. Null leaves ONNX Runtime's default, on.
    /// </summary>
    public bool? Spinning { get; init; }

    /// <summary>
    /// Whether a sequence gets exactly the same logits in company as alone, so that an answer does not depend on load; default true. The kernels
    /// always do; where an operator of ONNX Runtime's rounds several rows differently than one, sequences take turns instead of sharing a run, which makes many
    /// at once slower. It makes no difference to a sequence that is alone.
    /// </summary>
    public bool BatchInvariant { get; init; } = true;

    /// <summary>The most bytes that keys and values of all sequences may take; null for no limit.</summary>
    public long? KvBudget
    {
        get;
        init => field = value is null or > 0
            ? value : throw new ArgumentOutOfRangeException(nameof(KvBudget), value, "expected a number of bytes above 0, or null for no limit");
    }

    /// <summary>Where the host logs; null for nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
