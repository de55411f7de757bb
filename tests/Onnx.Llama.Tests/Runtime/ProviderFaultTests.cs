using Onnx.Llama.Runtime;

namespace Onnx.Llama.Tests.Runtime;

/// <summary>What ONNX Runtime and its GPU packages say where something is missing, and what becomes of it.</summary>
public sealed class ProviderFaultTests
{
    /// <summary>Microsoft.ML.OnnxRuntime.Gpu 1.31.0 under Linux without CUDA.</summary>
    private const string NoCublas =
        """
        [ErrorCode:Fail] /onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:2043 onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load library /app/runtimes/linux-x64/native/libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: cannot open shared object file: No such file or directory

        """;

    [Theory]
    [InlineData(NoCublas, "a library that it needs cannot be loaded (libcublasLt.so.13: cannot open shared object file: No such file or directory); install the CUDA and cuDNN")]
    [InlineData("[ErrorCode:Fail] OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library", "a library that it needs cannot be loaded (")]
    [InlineData("[ErrorCode:Fail] CUDA execution provider is not enabled in this build. ", "use the package Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData("CUDA failure 100: no CUDA-capable device is detected ; GPU=0 ; hostname=box ; expr=cudaSetDevice(info_.device_id);", "there is no such device that can be used (")]
    [InlineData("CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=-1", "the driver is missing or too old (")]
    [InlineData("[ErrorCode:Fail] something else", "[ErrorCode:Fail] something else")]
    public void Explain_OfCudasMessage_SaysWhatIsMissing(string message, string expected) =>
        Assert.Contains(expected, ProviderFault.Explain(ProviderFacts.Of(Provider.Cuda), new InvalidOperationException(message)), StringComparison.Ordinal);

    [Theory]
    [InlineData("[ErrorCode:Fail] DML execution provider is not supported in this build. ", "use the package Microsoft.ML.OnnxRuntime.DirectML")]
    [InlineData("Exception(1) tid(1a2c) 887A0002 The object was not found.", "there is no such device that can be used (")]
    public void Explain_OfDirectMLsMessage_SaysWhatIsMissing(string message, string expected) =>
        Assert.Contains(expected, ProviderFault.Explain(ProviderFacts.Of(Provider.DirectMl), new InvalidOperationException(message)), StringComparison.Ordinal);

    [Fact]
    public void Explain_OfAFunctionThatIsNotThere_NamesThePackage()
    {
        EntryPointNotFoundException fault = new("Unable to find an entry point named 'OrtSessionOptionsAppendExecutionProvider_DML' in shared library 'onnxruntime'.");
        Assert.True(ProviderFault.Is(fault));
        Assert.Contains("Microsoft.ML.OnnxRuntime.DirectML", ProviderFault.Explain(ProviderFacts.Of(Provider.DirectMl), fault), StringComparison.Ordinal);
    }
}
