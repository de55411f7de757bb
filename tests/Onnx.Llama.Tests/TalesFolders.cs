using Onnx.Llama.Conversion;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Testing;

[assembly: AssemblyFixture(typeof(Onnx.Llama.Tests.TalesFolders))]

namespace Onnx.Llama.Tests;

/// <summary>The demo checkpoint, converted once for all tests.</summary>
public sealed class TalesFolders : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _int4;
    private readonly Lazy<string> _fp32;

    public TalesFolders()
    {
        _int4 = new(() => Convert(PrecisionRecipe.Int4));
        _fp32 = new(() => Convert(PrecisionRecipe.Fp32));
    }

    public string Int4 => _int4.Value;

    public string Fp32 => _fp32.Value;

    /// <summary>The folder of a precision, as test data names it.</summary>
    public string this[string precision] => precision == "int4" ? Int4 : Fp32;

    public void Dispose() => _folder.Dispose();

    private string Convert(PrecisionRecipe precision)
    {
        string source = Path.Combine(SharedFolder.Repository, "models", "tales");
        using ConversionPlan plan = ConversionPlan.Create(source, new ConversionOptions { Precision = precision, Threads = 1 });
        plan.Write(_folder[precision.Name], progress: null, CancellationToken.None);
        return _folder[precision.Name];
    }
}
