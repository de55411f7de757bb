using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Manifest;
using Onnx.Llama.Runtime;
using Onnx.Llama.Tests.Decoding;

namespace Onnx.Llama.Tests.Runtime;

/// <summary>Providers that the CPU package does not have.</summary>
public sealed class SessionFactoryTests : IDisposable
{
    private readonly TinyModel _model = new();

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(Provider.Cuda, "Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData(Provider.DirectMl, "Microsoft.ML.OnnxRuntime.DirectML")]
    public void Open_ProviderThatTheLibraryLacks_NamesThePackage(Provider provider, string package)
    {
        Assert.SkipWhen(OrtEnv.Instance().GetAvailableProviders().Contains(ProviderFacts.Of(provider).OnnxRuntimeName), $"this build has {provider}");
        GenAiDecoder decoder = _model.Config.Model.Decoder;
        ModelException fault = Assert.Throws<ModelException>(() => SessionFactory.Open(
            _model.Folder, decoder, decoder.Filename, provider, Decoders.Options, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains($"{provider} cannot run it: the ONNX Runtime in this application was built without it; use the package {package}", fault.Message, StringComparison.Ordinal);
    }
}
