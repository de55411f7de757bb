using Onnx.Llama.Manifest;
using Onnx.Llama.Runtime;

namespace Onnx.Llama.Tests.Runtime;

public sealed class ProviderChoiceTests
{
    private const string Cuda = "CUDAExecutionProvider";
    private const string DirectMl = "DmlExecutionProvider";
    private const string Cpu = "CPUExecutionProvider";

    [Fact]
    public void Open_EverythingThere_TakesCuda()
    {
        ProviderChoice choice = Choice(["cpu", "dml", "cuda"], [Cuda, DirectMl, Cpu]);
        Assert.Equal("cuda.onnx", Open(choice, Provider.Auto));
        Assert.Equal([Provider.Cuda], choice.Decisions.Where(decision => decision.Taken).Select(decision => decision.Provider));
        Assert.Contains("comes before it", Reason(choice, Provider.DirectMl), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_PackageWithoutCuda_NamesThePackageToAdd()
    {
        ProviderChoice choice = Choice(["cpu", "cuda"], [Cpu]);
        Assert.Equal("cpu.onnx", Open(choice, Provider.Auto));
        Assert.Contains("Microsoft.ML.OnnxRuntime.Gpu", Reason(choice, Provider.Cuda), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoVariant_SaysThatTheFolderHasNone()
    {
        ProviderChoice choice = Choice(["cpu"], [Cuda, Cpu]);
        Assert.Equal("cpu.onnx", Open(choice, Provider.Auto));
        Assert.Contains("models/x has no variant", Reason(choice, Provider.Cuda), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DriverMissing_IsNotTried()
    {
        ProviderChoice choice = Choice(["cpu", "cuda"], [Cuda, Cpu], missing: "there is no NVIDIA driver");
        Assert.Equal("cpu.onnx", choice.Open(Provider.Auto, (variant, provider) => provider == Provider.Cpu ? variant.File : throw new InvalidOperationException()));
        Assert.Equal("there is no NVIDIA driver", Reason(choice, Provider.Cuda));
        ModelException fault = Assert.Throws<ModelException>(() => Open(Choice(["cpu", "cuda"], [Cuda, Cpu], missing: "no driver"), Provider.Cuda));
        Assert.Contains("Cuda: no driver", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DriverFails_FallsBackWithItsText()
    {
        ProviderChoice choice = Choice(["cpu", "cuda"], [Cuda, Cpu]);
        Assert.Equal("cpu.onnx", Open(choice, Provider.Auto, failing: "cuda"));
        Assert.Contains("driver too old", Reason(choice, Provider.Cuda), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ProviderAskedForFails_GivesItsFault()
    {
        ProviderChoice choice = Choice(["cpu", "cuda"], [Cuda, Cpu]);
        ModelException fault = Assert.Throws<ModelException>(() => Open(choice, Provider.Cuda, failing: "cuda"));
        Assert.Contains("driver too old", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_CpuAskedFor_TakesItAlthoughCudaIsThere()
    {
        ProviderChoice choice = Choice(["cpu", "cuda"], [Cuda, Cpu]);
        Assert.Equal("cpu.onnx", Open(choice, Provider.Cpu));
        Assert.Contains("another provider was asked for", Reason(choice, Provider.Cuda), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("cuda.onnx")]
    public void Open_VariantNamedForTheCpu_RunsItThere(string name)
    {
        ProviderChoice choice = Choice(["cpu", "cuda"], [Cpu], name);
        Assert.Equal("cuda.onnx", Open(choice, Provider.Cpu));
    }

    [Fact]
    public void Open_VariantNamedAlone_RunsOnItsProvider()
    {
        Assert.Equal("dml.onnx", Open(Choice(["cpu", "dml", "cuda"], [Cuda, DirectMl, Cpu], "dml"), Provider.Auto));
        ProviderChoice choice = Choice(["cpu", "cuda"], [Cpu], "cuda");
        ModelException fault = Assert.Throws<ModelException>(() => Open(choice, Provider.Auto));
        Assert.Contains("Microsoft.ML.OnnxRuntime.Gpu", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Cpu: the variant 'cuda' was asked for", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_VariantThatIsNotThere_NamesThoseThatAre()
    {
        ModelException fault = Assert.Throws<ModelException>(() => Open(Choice(["cpu", "cuda"], [Cpu], "dml"), Provider.Cpu));
        Assert.Contains("has no variant 'dml'; expected one of cpu (cpu.onnx), cuda (cuda.onnx)", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NothingFits_GivesEveryReason()
    {
        ProviderChoice choice = Choice(["cuda"], [Cpu]);
        ModelException fault = Assert.Throws<ModelException>(() => Open(choice, Provider.Auto));
        Assert.Contains("Microsoft.ML.OnnxRuntime.Gpu", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Cpu: models/x has no variant", fault.Message, StringComparison.Ordinal);
    }

    private static ProviderChoice Choice(string[] variants, string[] builtIn, string? named = null, string? missing = null) =>
        new("models/x", [.. variants.Select(name => new ModelVariant(name + ".onnx", name, "int4", "1.20"))], named, new FakeMachine(builtIn, missing));

    private static string Open(ProviderChoice choice, Provider wanted, string? failing = null) => choice.Open(
        wanted,
        (variant, _) => variant.Provider == failing ? throw new ModelException(variant.File, "driver too old", "a newer one") : variant.File);

    private static string Reason(ProviderChoice choice, Provider provider) => choice.Decisions.Single(decision => decision.Provider == provider).Reason;

    private sealed class FakeMachine(string[] builtIn, string? missing) : IMachine
    {
        public IReadOnlyCollection<string> BuiltIn => builtIn;

        public string? Missing(Provider provider) => provider == Provider.Cuda ? missing : null;
    }
}
