using Microsoft.ML.OnnxRuntime;

namespace Onnx.Llama.Runtime;

/// <summary>What an exception says that a provider gave when a session was to be made on it.</summary>
internal static class ProviderFault
{
    private const string LoadError = "with error:";

    /// <summary>Texts of CUDA and DXGI for a machine without a device that will do.</summary>
    private static readonly string[] s_noDevice = ["no CUDA-capable device", "CUDA failure 100", "CUDA error 100", "invalid device ordinal", "887A0002"];

    /// <summary>Texts of CUDA for a driver that does not fit its libraries.</summary>
    private static readonly string[] s_driver = ["driver version is insufficient", "CUDA failure 35", "CUDA error 35", "CUDA driver"];

    /// <summary>Whether an exception is a provider's: the library has no such function, or the function failed.</summary>
    public static bool Is(Exception fault) => fault is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException;

    /// <summary>The reason, for people.</summary>
    public static string Explain(ProviderFacts facts, Exception fault)
    {
        string text = fault.Message.Trim();
        if (fault is EntryPointNotFoundException || Has(text, "is not enabled in this build") || Has(text, "is not supported in this build")) return facts.NotBuiltIn;
        if (s_noDevice.Any(part => Has(text, part))) return $"there is no such device that can be used ({text})";
        if (s_driver.Any(part => Has(text, part))) return $"the driver is missing or too old ({text})";
        if (!Has(text, "Failed to load")) return text;
        int detail = text.IndexOf(LoadError, StringComparison.Ordinal);
        return $"a library that it needs cannot be loaded ({(detail < 0 ? text : text[(detail + LoadError.Length)..].Trim())}); {facts.Needs}";
    }

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
