using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Kernels.Operators;

namespace Onnx.Llama.Kernels.Native;

/// <summary>All operators of the kernels, which ONNX Runtime learns once in a process and each session is told of.</summary>
internal static unsafe class OperatorDomain
{
    /// <summary>The domain of the operators' names.</summary>
    public const string Name = "onnx_llama";

    private static readonly Lock s_lock = new();
    private static nint s_domain;

    /// <summary>Tells a session of the operators.</summary>
    /// <exception cref="KernelException">This ONNX Runtime cannot be told.</exception>
    public static void AddTo(SessionOptions options)
    {
        nint domain = Domain();
        bool added = false;
        options.DangerousAddRef(ref added);
        try
        {
            OrtApi.AddDomain(options.DangerousGetHandle(), domain, Name);
        }
        finally
        {
            if (added) options.DangerousRelease();
        }
    }

    private static nint Domain()
    {
        lock (s_lock)
        {
            if (s_domain != 0) return s_domain;
            OrtApi.Load();
            nint domain = OrtApi.CreateDomain(Name);
            foreach (CustomOperator known in KnownOperators.All) OrtApi.AddToDomain(domain, OperatorCallbacks.Describe(known), known.Name);
            return s_domain = domain;
        }
    }
}
