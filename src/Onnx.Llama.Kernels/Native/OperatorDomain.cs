using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Operators;

namespace Onnx.Llama.Kernels.Native;

/// <summary>All operators of the kernels, which ONNX Runtime learns once in a process and each session is told of.</summary>
internal static unsafe class OperatorDomain
{
    /// <summary>The domain of the operators' names.</summary>
    public const string Name = "onnx_llama";

    private const int Opset = 21;
    private const int IrVersion = 10;

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

    /// <summary>Makes the domain now, if it is not there.</summary>
    /// <exception cref="KernelException">This ONNX Runtime cannot be told.</exception>
    public static void Introduce() => _ = Domain();

    /// <summary>Makes a domain that sessions can be told of, several at once as well. It lives as long as the process: sessions refer to it.</summary>
    internal static nint Create(string name, IEnumerable<CustomOperator> operators)
    {
        OrtApi.Load();
        nint domain = OrtApi.CreateDomain(name);
        foreach (CustomOperator one in operators) OrtApi.AddToDomain(domain, OperatorCallbacks.Describe(one), one.Name);
        OpenFirst(domain, name);
        return domain;
    }

    private static nint Domain()
    {
        lock (s_lock) return s_domain != 0 ? s_domain : s_domain = Create(Name, KnownOperators.All);
    }

    /// <summary>
    /// A session adds a domain that is new to the process to ONNX Runtime's table without a lock: of two that open at the same time one would fail. So the
    /// first one is this, of a graph that does nothing.
    /// </summary>
    private static void OpenFirst(nint domain, string name)
    {
        GraphBuilder graph = new("nothing");
        graph.Output(graph.Node("same", OpNames.Abs, [graph.Input("x", ElementType.Float, 1)]), ElementType.Float, 1);
        using SessionOptions options = new() { IntraOpNumThreads = 1 };
        OrtApi.AddDomain(options.DangerousGetHandle(), domain, name);
        using InferenceSession session = new(graph.Build(Opset, IrVersion, name).ToBytes(), options);
    }
}
