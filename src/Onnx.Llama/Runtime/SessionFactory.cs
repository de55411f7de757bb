using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Decoding;
using Onnx.Llama.Manifest;

namespace Onnx.Llama.Runtime;

/// <summary>Opens a graph of a model folder as an ONNX Runtime session.</summary>
internal static class SessionFactory
{
    /// <summary>Opens a variant.</summary>
    /// <exception cref="ModelException">The file is not a plain name in the folder, or is missing, or the session cannot be made.</exception>
    public static DecoderGraph Open(
        string folder, GenAiDecoder decoder, string file, Provider provider, ModelOptions options, IReadOnlyList<int?>? windows = null, int? slack = null)
    {
        string path = PathOf(folder, file);
        _ = OrtRuntime.Environment;
        if (provider != Provider.Cpu)
        {
            throw new ModelException(path, $"it is for {provider}", "a graph for the CPU", "This version keeps keys and values in host memory only.");
        }

        try
        {
            using SessionOptions description = Describe(options);
            return Wrap(new InferenceSession(path, description), path, decoder, windows, slack);
        }
        catch (OnnxRuntimeException fault)
        {
            throw new ModelException(
                path, $"ONNX Runtime cannot open it: {fault.Message}", "a graph and its data, complete", "Convert the model again.", fault);
        }
    }

    private static DecoderGraph Wrap(InferenceSession session, string path, GenAiDecoder decoder, IReadOnlyList<int?>? windows, int? slack)
    {
        try
        {
            return new DecoderGraph(session, path, decoder, windows, slack);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

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

    private static string PathOf(string folder, string file)
    {
        bool plain = file is not ("" or "." or "..") && file.AsSpan().IndexOfAny("/\\:\0") < 0;
        string config = Path.Combine(folder, GenAiConfig.FileName);
        if (!plain) throw new ModelException(config, $"the graph's file is '{file}'", "the plain name of a file in the folder");
        string path = Path.Combine(folder, file);
        return File.Exists(path)
            ? path
            : throw new ModelException(path, "is missing", $"the graph that {GenAiConfig.FileName} names", "Convert the model again.");
    }
}
