using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Kernels;

namespace Onnx.Llama.Runtime;

/// <summary>
/// ONNX Runtime's environment, of which a process has one. Whoever made it, it is used; where it is made here, telemetry, which ONNX Runtime sends by
/// default since 1.29, is switched off before its library is loaded, and by its interface too.
/// </summary>
internal static partial class OrtRuntime
{
    /// <summary>The packages that bring the native library.</summary>
    public const string Packages = "Microsoft.ML.OnnxRuntime (CPU), Microsoft.ML.OnnxRuntime.Gpu (CUDA) or Microsoft.ML.OnnxRuntime.DirectML";

    private static readonly Lazy<OrtEnv> s_environment = new(Create);

    /// <summary>The environment.</summary>
    /// <exception cref="ModelException">There is no native library.</exception>
    public static OrtEnv Environment
    {
        get
        {
            try
            {
                return s_environment.Value;
            }
            catch (Exception fault) when (Missing(fault) is { } missing)
            {
                throw new ModelException(
                    "onnxruntime",
                    $"the native library cannot be loaded ({missing.Message})",
                    "it beside the application",
                    $"Add the package {Packages}.",
                    fault);
            }
        }
    }

    private static OrtEnv Create()
    {
        SetNative("ORT_DISABLE_TELEMETRY");
        SetNative("ORT_TELEMETRY_DISABLED");
        OrtEnv environment = OrtEnv.Instance();
        environment.DisableTelemetryEvents();
        IntroduceKernels();
        return environment;
    }

    /// <summary>Before the first session. Where it is not possible, opening a model says why.</summary>
    private static void IntroduceKernels()
    {
        try
        {
            KernelOperators.Introduce();
        }
        catch (Exception fault) when (fault is KernelException or OnnxRuntimeException)
        {
            // Said again, by the same code, when a model is opened.
        }
    }

    /// <summary>Sets a variable to 1 where native code looks: on Unix, .NET's own copy of the environment does not reach it.</summary>
    private static void SetNative(string name)
    {
        System.Environment.SetEnvironmentVariable(name, "1");
        if (!OperatingSystem.IsWindows()) _ = SetEnv(name, "1", 1);
    }

    private static Exception? Missing(Exception? fault) => fault switch
    {
        null => null,
        DllNotFoundException or BadImageFormatException or EntryPointNotFoundException => fault,
        _ => Missing(fault.InnerException),
    };

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);
}
