using System.Globalization;
using System.Text;
using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Formats.Tests.Checkpoints;

public sealed class RopeConfigTests
{
    private const int MaxPositions = 1000;

    [Theory]
    [InlineData("")]
    [InlineData(""" "rope_scaling":null """)]
    [InlineData(""" "rope_theta":10000.0,"rope_parameters":null """)]
    [InlineData(""" "rope_parameters":{"rope_theta":10000,"rope_type":"default"} """)]
    [InlineData(""" "rope_parameters":{"rope_theta":1e4,"partial_rotary_factor":1.0} """)]
    [InlineData(""" "rope_scaling":{"type":"default"},"partial_rotary_factor":1 """)]
    public void Rope_NotStretched_IsDefault(string values) => Assert.Equal(new RopeConfig.Default(10000, 1), Read(values));

    [Fact]
    public void Rope_FamilyDefaults_HoldWhereTheFileHasNone()
    {
        Assert.Equal(new RopeConfig.Default(1e6, 0.5), Parse("").Rope(MaxPositions, 1e6, 0.5));
        Assert.Equal(new RopeConfig.Default(2e6, 0.25), Parse(""" "rope_theta":2e6,"partial_rotary_factor":0.25 """).Rope(MaxPositions, 1e6, 0.5));
    }

    public static TheoryData<string, string, RopeConfig> BothSpellings => new()
    {
        { """ "type":"linear","factor":4 """, """ "rope_type":"linear","factor":4.0 """, new RopeConfig.Linear(5e5, 0.5, 4) },
        {
            """ "type":"dynamic","factor":2.5 """,
            """ "rope_type":"dynamic","type":"dynamic","factor":2.5 """,
            new RopeConfig.Dynamic(5e5, 0.5, 2.5, MaxPositions)
        },
        {
            """ "type":"yarn","factor":8,"original_max_position_embeddings":64 """,
            """ "rope_type":"yarn","factor":8,"original_max_position_embeddings":64,"beta_fast":32,"beta_slow":1.0,"truncate":true,"attention_factor":null """,
            new RopeConfig.Yarn(5e5, 0.5, 8, 64, null, null, null, 32, 1, true)
        },
        {
            """ "rope_type":"yarn","factor":8,"attention_factor":1.2,"mscale":0.7,"mscale_all_dim":0,"beta_fast":4,"beta_slow":2,"truncate":false """,
            """ "rope_type":"yarn","factor":8,"attention_factor":1.2,"mscale":0.7,"mscale_all_dim":0,"beta_fast":4,"beta_slow":2,"truncate":false """,
            new RopeConfig.Yarn(5e5, 0.5, 8, MaxPositions, 1.2, 0.7, 0, 4, 2, false)
        },
        {
            """ "type":"yarn","original_max_position_embeddings":250 """,
            """ "rope_type":"yarn","original_max_position_embeddings":250 """,
            new RopeConfig.Yarn(5e5, 0.5, 4, 250, null, null, null, 32, 1, true)
        },
        {
            """ "rope_type":"llama3","factor":32,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":8192 """,
            """ "rope_type":"llama3","factor":32,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":8192 """,
            new RopeConfig.Llama3(5e5, 0.5, 32, 1, 4, 8192)
        },
        {
            """ "type":"su","short_factor":[1,1.5],"long_factor":[2,3],"original_max_position_embeddings":100 """,
            """ "type":"longrope","short_factor":[1.0,1.5],"long_factor":[2.0,3.0],"original_max_position_embeddings":100 """,
            new RopeConfig.LongRope(5e5, 0.5, [1, 1.5], [2, 3], 10, null, 100)
        },
        {
            """ "type":"longrope","short_factor":[1],"long_factor":[2],"factor":3,"attention_factor":1.1 """,
            """ "rope_type":"longrope","short_factor":[1],"long_factor":[2],"factor":3,"attention_factor":1.1 """,
            new RopeConfig.LongRope(5e5, 0.5, [1], [2], 3, 1.1, MaxPositions)
        },
    };

    [Theory]
    [MemberData(nameof(BothSpellings))]
    public void Rope_EitherSpelling_GivesTheSameRecord(string old, string now, RopeConfig expected)
    {
        HfConfig before = Parse($$"""  "rope_theta":500000.0,"partial_rotary_factor":0.5,"rope_scaling":{{{old}}}""");
        HfConfig after = Parse($$"""  "rope_parameters":{{{now}},"rope_theta":500000,"partial_rotary_factor":0.5}""");
        HfConfig both = Parse($$"""  "rope_theta":5e5,"rope_scaling":{{{old}}},"rope_parameters":{{{now}},"partial_rotary_factor":0.5}""");
        foreach (HfConfig config in (HfConfig[])[before, after, both])
        {
            Assert.Equal(expected, config.Rope(MaxPositions));
            Assert.Equal(expected.GetHashCode(), config.Rope(MaxPositions).GetHashCode());
            Assert.Empty(config.UnreadKeys);
        }
    }

    [Fact]
    public void Rope_OriginalContextBesideTheObject_IsTaken()
    {
        const string Scaling = """ "rope_scaling":{"type":"longrope","short_factor":[1],"long_factor":[2]} """;
        Assert.Equal(new RopeConfig.LongRope(10000, 1, [1], [2], 4, null, 250), Read(Scaling + ""","original_max_position_embeddings":250"""));
    }

    [Fact]
    public void LongRope_OtherValues_IsNotEqual()
    {
        RopeConfig.LongRope rope = new(10000, 1, [1, 2], [3, 4], 2, null, 100);
        Assert.NotEqual(rope, rope with { ShortFactor = [1, 3] });
        Assert.NotEqual(rope, rope with { LongFactor = [3, 5] });
        Assert.NotEqual(rope, rope with { Theta = 2 });
        Assert.NotEqual(rope, rope with { Factor = 3 });
        Assert.Equal(rope, rope with { LongFactor = [3, 4] });
    }

    [Theory]
    [InlineData("rope_scaling", """{"type":"linear","factor":2,"alpha":1000}""", "rope_scaling.alpha")]
    [InlineData("rope_parameters", """{"rope_type":"default","mrope_section":[1,2]}""", "rope_parameters.mrope_section")]
    [InlineData("rope_scaling", """{"type":"dynamic","factor":2,"original_max_position_embeddings":7}""", "rope_scaling.original_max_position_embeddings")]
    public void UnreadKeys_KeyThatTheKindDoesNotKnow_IsReported(string key, string value, string unread)
    {
        HfConfig config = Parse($"\"{key}\":{value}");
        _ = config.Rope(MaxPositions);
        Assert.Equal([unread], config.UnreadKeys);
    }

    [Fact]
    public void Rope_LayersDiffer_GivesEachItsOwn()
    {
        HfConfig now = Parse(
            """ "rope_parameters":{"full_attention":{"rope_type":"linear","factor":8,"rope_theta":1e6},"sliding_attention":{"rope_theta":1e4}} """);
        HfConfig old = Parse(""" "rope_theta":1e6,"rope_local_base_freq":1e4,"rope_scaling":{"rope_type":"linear","factor":8.0} """);
        foreach (HfConfig config in (HfConfig[])[now, old])
        {
            Assert.Equal(new RopeConfig.Linear(1e6, 1, 8), config.Rope(MaxPositions, layerType: "full_attention"));
            Assert.Equal(new RopeConfig.Default(1e4, 1), config.Rope(MaxPositions, layerType: "sliding_attention"));
            Assert.Empty(config.UnreadKeys);
        }

        HfConfig flat = Parse(""" "rope_theta":7.0 """);
        Assert.Equal(new RopeConfig.Default(7, 1), flat.Rope(MaxPositions, layerType: "sliding_attention"));
    }

    [Fact]
    public void Rope_LayersDifferButTheFamilyHasOne_IsRefused()
    {
        const string Values = """ "rope_parameters":{"full_attention":{"rope_theta":1e6},"sliding_attention":{"rope_theta":1e4}} """;
        const string Found = "'rope_parameters' is given for each kind of layer (full_attention, sliding_attention)";
        AssertRefused(Values, "rope_parameters", $"{Found}; expected one object for all layers. This family does not rotate its layers differently.");
        CheckpointException error = Assert.Throws<CheckpointException>(() => Parse(Values).Rope(MaxPositions, layerType: "linear_attention"));
        Assert.Equal($"config.json: {Found}; expected one for 'linear_attention' among them.", error.Message);
    }

    [Theory]
    [InlineData("""{"type":"mrope","mrope_section":[16,24,24]}""", "type", "\"mrope\"")]
    [InlineData("""{"rope_type":"proportional"}""", "rope_type", "\"proportional\"")]
    [InlineData("""{"rope_type":"Linear","factor":2}""", "rope_type", "\"Linear\"")]
    public void Rope_KindUnknown_ListsTheKnownOnes(string value, string key, string shown) => AssertRefused(
        $"\"rope_scaling\":{value}", $"rope_scaling.{key}",
        $"'rope_scaling.{key}' is {shown}; expected default, linear, dynamic, yarn, llama3 or longrope. "
            + "A scaling cannot be left out: the text would go wrong as it gets longer.");

    [Fact]
    public void Rope_KindMissingButSettingsThere_IsRefused() => AssertRefused(
        """ "rope_scaling":{"factor":2} """, "rope_scaling.rope_type",
        "'rope_scaling.rope_type' is missing; expected default, linear, dynamic, yarn, llama3 or longrope.");

    [Theory]
    [InlineData("""{"type":"linear"}""", "factor", "missing; expected a positive number.")]
    [InlineData("""{"type":"dynamic","factor":0}""", "factor", "0; expected a positive number.")]
    [InlineData("""{"type":"yarn","factor":-1}""", "factor", "-1; expected a positive number.")]
    [InlineData("""{"type":"yarn","factor":2,"beta_fast":0}""", "beta_fast", "0; expected a positive number.")]
    [InlineData("""{"type":"yarn","factor":2,"truncate":0}""", "truncate", "0; expected true or false.")]
    [InlineData(
        """{"type":"llama3","factor":2,"low_freq_factor":1,"high_freq_factor":4}""", "original_max_position_embeddings",
        "missing; expected a positive integer.")]
    [InlineData("""{"type":"llama3","factor":2,"low_freq_factor":4,"high_freq_factor":4}""", "high_freq_factor", "4; expected more than 'low_freq_factor', 4.")]
    [InlineData("""{"type":"llama3","factor":2,"high_freq_factor":4}""", "low_freq_factor", "missing; expected a positive number.")]
    [InlineData("""{"type":"longrope","long_factor":[1]}""", "short_factor", "missing; expected a list of positive numbers, one for each rotated pair.")]
    [InlineData(
        """{"type":"longrope","short_factor":[0],"long_factor":[1]}""", "short_factor",
        "a list of 1; expected a list of positive numbers, one for each rotated pair.")]
    [InlineData(
        """{"type":"longrope","short_factor":[1,1],"long_factor":[1]}""", "long_factor",
        "a list of 1; expected a list of 2 positive numbers, as many as 'short_factor' has.")]
    [InlineData(
        """{"type":"linear","rope_type":"yarn","factor":2}""", "rope_type",
        "\"yarn\", but 'type' \"linear\"; expected the same in both. Remove the one that is wrong.")]
    public void Rope_SettingWrong_NamesItsPath(string value, string key, string problem) =>
        AssertRefused($"\"rope_scaling\":{value}", $"rope_scaling.{key}", $"'rope_scaling.{key}' is {problem}");

    [Theory]
    [InlineData(""" "rope_theta":0 """, "rope_theta", "'rope_theta' is 0; expected a positive number.")]
    [InlineData(""" "partial_rotary_factor":1.5 """, "partial_rotary_factor", "'partial_rotary_factor' is 1.5; expected a number above 0, at most 1.")]
    [InlineData(""" "rope_scaling":"linear" """, "rope_scaling", "'rope_scaling' is \"linear\"; expected an object.")]
    [InlineData(
        """ "rope_theta":1e4,"rope_parameters":{"rope_theta":1e6} """, "rope_parameters.rope_theta",
        "'rope_parameters.rope_theta' is 1000000, but 'rope_theta' 10000; expected the same in both. Remove the one that is wrong.")]
    [InlineData(
        """ "partial_rotary_factor":0.5,"rope_parameters":{"partial_rotary_factor":0.25} """, "rope_parameters.partial_rotary_factor",
        "'rope_parameters.partial_rotary_factor' is 0.25, but 'partial_rotary_factor' 0.5; expected the same in both. Remove the one that is wrong.")]
    [InlineData(
        """ "rope_scaling":{"type":"linear","factor":2},"rope_parameters":{"rope_type":"linear","factor":4} """, "rope_parameters.factor",
        "'rope_parameters.factor' is 4, but 'rope_scaling.factor' 2; expected the same in both. Remove the one that is wrong.")]
    [InlineData(
        """ "rope_scaling":{"type":"linear","factor":2},"rope_parameters":{"rope_theta":1e4} """, "rope_parameters.rope_type",
        "'rope_parameters.rope_type' is \"default\", but in 'rope_scaling' \"linear\"; expected the same in both. Remove the one that is wrong.")]
    [InlineData(
        """ "original_max_position_embeddings":7,"rope_scaling":{"type":"yarn","factor":2,"original_max_position_embeddings":8} """,
        "rope_scaling.original_max_position_embeddings",
        "'rope_scaling.original_max_position_embeddings' is 8, but 'original_max_position_embeddings' 7; expected the same in both. "
            + "Remove the one that is wrong.")]
    public void Rope_ValuesWrongOrContradictory_NamesBoth(string values, string key, string problem)
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            AssertRefused(values, key, problem);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Theory]
    [InlineData("yarn")]
    [InlineData("longrope")]
    public void Rope_StretchedWithoutFactorAndOriginalContext_IsRefused(string type) => AssertRefused(
        $"\"rope_scaling\":{{\"rope_type\":\"{type}\",\"short_factor\":[1],\"long_factor\":[1]}}", "rope_scaling.factor",
        "'rope_scaling.factor' is missing; expected a positive number, or 'original_max_position_embeddings'.");

    private static HfConfig Parse(string values) =>
        HfConfig.Parse(Encoding.UTF8.GetBytes($"{{\"model_type\":\"llama\"{(values.Length == 0 ? "" : ",")}{values}}}"), "config.json");

    private static RopeConfig Read(string values) => Parse(values).Rope(MaxPositions);

    private static void AssertRefused(string values, string key, string problem)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => Read(values));
        Assert.Equal($"config.json: {problem}", error.Message);
        Assert.Equal(key, error.Key);
    }
}
