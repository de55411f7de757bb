using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Decoding;
using Onnx.Llama.Manifest;

namespace Onnx.Llama.Runtime;

/// <summary>Opens a graph of a model folder as an ONNX Runtime session.</summary>
internal static class SessionFactory
{
    private const string FirstDevice = "0";

    /// <summary>Opens a variant.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="decoder">The names of the graph's inputs and outputs.</param>
    /// <param name="file">The graph's file in the folder.</param>
    /// <param name="provider">Where it runs; not <see cref="Provider.Auto"/>.</param>
    /// <param name="options">Threads and spinning.</param>
    /// <param name="windows">The window of each layer; null for none.</param>
    /// <param name="slack">Tokens of room beyond a window; null for what suits the provider.</param>
    /// <param name="cancellationToken">Stops the packing of weights.</param>
    /// <exception cref="ModelException">The file is not a plain name in the folder, or is missing, or the provider fails, or the session cannot be made.</exception>
    public static DecoderGraph Open(
        string folder,
        GenAiDecoder decoder,
        string file,
        Provider provider,
        ModelOptions options,
        IReadOnlyList<int?>? windows = null,
        int? slack = null,
        CancellationToken cancellationToken = default)
    {
        string path = PathOf(folder, file);
        GraphSession session = Open(path, provider, options, cancellationToken);
        KvMemory? memory = null;
        try
        {
            memory = Memory(session.Session, provider);
            return new DecoderGraph(session, path, decoder, windows, provider == Provider.Cpu ? slack ?? LayerWindows.SlackOf(session.Kernels) : 0, memory);
        }
        catch
        {
            memory?.Dispose();
            session.Dispose();
            throw;
        }
    }

    /// <summary>The path of a graph that a folder names, which must be a file in the folder itself.</summary>
    /// <exception cref="ModelException">It is not a plain name, or there is no such file.</exception>
    public static string PathOf(string folder, string file)
    {
        bool plain = file is not ("" or "." or "..") && file.AsSpan().IndexOfAny("/\\:\0") < 0;
        string manifest = Path.Combine(folder, ModelManifest.FileName);
        string namedBy = File.Exists(manifest) ? manifest : Path.Combine(folder, GenAiConfig.FileName);
        if (!plain) throw new ModelException(namedBy, $"the graph's file is '{file}'", "the plain name of a file in the folder");
        string path = Path.Combine(folder, file);
        return File.Exists(path)
            ? path
            : throw new ModelException(path, "is missing", $"the graph that {Path.GetFileName(namedBy)} names", "Convert the model again.");
    }

    /// <summary>A session over a graph on a provider.</summary>
    /// <exception cref="ModelException">The provider fails, or the session cannot be made.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static GraphSession Open(string path, Provider provider, ModelOptions options, CancellationToken cancellationToken)
    {
        _ = OrtRuntime.Environment;
        try
        {
            bool wantsKernels = provider == Provider.Cpu && options.Kernels == KernelChoice.Auto;
            if (wantsKernels && KernelSession.TryOpen(path, options, () => Describe(options), cancellationToken) is { } kernels) return kernels;
            using SessionOptions description = Describe(options);
            Append(description, provider);
            return new GraphSession(new InferenceSession(path, description));
        }
        catch (Exception fault) when (provider != Provider.Cpu && ProviderFault.Is(fault))
        {
            ProviderFacts facts = ProviderFacts.Of(provider);
            throw new ModelException(path, $"{provider} cannot run it: {ProviderFault.Explain(facts, fault)}", $"a machine with all that {facts.Package} needs", inner: fault);
        }
        catch (OnnxRuntimeException fault)
        {
            throw new ModelException(
                path, $"ONNX Runtime cannot open it: {fault.Message}", "a graph and its data, complete", "Convert the model again.", fault);
        }
    }

    /// <summary>Puts a provider before the CPU's, with what its documentation asks for.</summary>
    private static void Append(SessionOptions description, Provider provider)
    {
        switch (provider)
        {
            case Provider.Cuda:
                using (OrtCUDAProviderOptions cuda = new())
                {
                    // Without TF32, float32 is float32.
                    cuda.UpdateOptions(new Dictionary<string, string> { ["device_id"] = FirstDevice, ["use_tf32"] = "0" });
                    description.AppendExecutionProvider_CUDA(cuda);
                }

                break;
            case Provider.DirectMl:
                // DirectML knows neither memory patterns nor parallel execution; the decoder runs one step at a time.
                description.EnableMemoryPattern = false;
                description.AppendExecutionProvider_DML();
                break;
        }
    }

    private static DeviceKvMemory? Memory(InferenceSession session, Provider provider) => provider switch
    {
        Provider.Cuda => new DeviceKvMemory(session, new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default)),
        Provider.DirectMl => new DeviceKvMemory(session, new OrtMemoryInfo("DML", OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default)),
        _ => null,
    };

    private static SessionOptions Describe(ModelOptions options)
    {
        SessionOptions description = new()
        {
            IntraOpNumThreads = options.Threads ?? PhysicalCores.Count(),
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        if (options.Spinning is { } spinning) description.AddSessionConfigEntry("session.intra_op.allow_spinning", spinning ? "1" : "0");
        return description;
    }
}
