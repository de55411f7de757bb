using Onnx.Llama.Testing;

namespace Onnx.Llama.Formats.Tests.Testing;

public sealed class ReferenceConfigTests
{
    [Fact]
    public void ToJson_EveryField_IsReadBack()
    {
        ReferenceConfig config = TinyCheckpoint.Default with
        {
            MaxPositions = 640,
            RmsNormEps = 1e-5f,
            AttentionBias = true,
            MlpBias = true,
            TiedHead = true,
            Rope = new ReferenceRopeConfig
            {
                Type = "yarn",
                Theta = 500000,
                Factor = 5,
                OriginalMaxPositions = 128,
                AttentionFactor = 1.25,
                Mscale = 0.5,
                MscaleAllDim = 0.75,
                BetaFast = 16,
                BetaSlow = 2,
                Truncate = false,
            },
        };
        Assert.Equal(config, ReferenceConfig.Parse(config.ToJson()));

        ReferenceConfig llama3 = config with
        {
            Rope = new ReferenceRopeConfig { Type = "llama3", Factor = 8, LowFreqFactor = 2, HighFreqFactor = 3, OriginalMaxPositions = 64 },
        };
        Assert.Equal(llama3, ReferenceConfig.Parse(llama3.ToJson()));
    }

    [Fact]
    public void Parse_AnActivationItDoesNotCompute_IsRefused()
    {
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => ReferenceConfig.Parse("""{ "hidden_act": "gelu" }"""));
        Assert.Equal("hidden_act is 'gelu'; the reference computes silu.", error.Message);
    }

    [Fact]
    public void Forward_ARotaryKindItDoesNotCompute_IsRefused()
    {
        ReferenceLlama llama = new(TinyCheckpoint.Default with { Rope = new ReferenceRopeConfig { Type = "longrope" } }, []);
        Assert.Contains("'longrope'", Assert.Throws<NotSupportedException>(() => llama.Forward([1])).Message, StringComparison.Ordinal);
    }
}
