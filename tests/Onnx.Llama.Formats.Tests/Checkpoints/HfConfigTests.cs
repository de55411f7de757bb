using System.Text;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Formats.Tests.Checkpoints;

public sealed class HfConfigTests
{
    [Fact]
    public void Getters_PlainValues_GiveThem()
    {
        HfConfig config = Parse(""" "n":7,"x":1e-6,"f":true,"t":"silu","l":["a","b"],"d":[1,2.5],"s":{"n":8} """);
        Assert.Equal("llama", config.ModelType);
        Assert.Equal((7, 7, 7), (config.Size("n"), config.Size("n", 9), config.OptionalSize("n")));
        Assert.Equal((1e-6f, 1e-6f, 1e-6), (config.Number("x"), config.Number("x", 2), config.Double("x")));
        Assert.True(config.Flag("f", false));
        Assert.Equal(("silu", "silu"), (config.Text("t"), config.Text("t", "gelu")));
        Assert.Equal(["a", "b"], config.Texts("l"));
        Assert.Equal([1, 2.5], config.Doubles("d"));
        Assert.Equal(8, config.Section("s")!.Size("n"));
        Assert.Empty(config.UnreadKeys);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""" "n":null,"x":null,"f":null,"t":null,"l":null,"s":null """)]
    public void Getters_AbsentOrNull_GiveTheDefault(string values)
    {
        HfConfig config = Parse(values);
        Assert.Equal((9, null), (config.Size("n", 9), config.OptionalSize("n")));
        Assert.Equal((2f, null), (config.Number("x", 2), config.OptionalDouble("x")));
        Assert.True(config.Flag("f", true));
        Assert.Equal(("gelu", null), (config.Text("t", "gelu"), config.OptionalText("t")));
        Assert.Empty(config.Texts("l"));
        Assert.Empty(config.Ids("l"));
        Assert.Empty(config.Doubles("l"));
        Assert.Null(config.Section("s"));
        Assert.False(config.Has("n"));
        Assert.Empty(config.UnreadKeys);
    }

    [Theory]
    [InlineData("5", new[] { 5 })]
    [InlineData("[5,0]", new[] { 5, 0 })]
    [InlineData("[]", new int[0])]
    public void Ids_NumberOrList_GivesAList(string value, int[] expected) => Assert.Equal(expected, Parse($"\"eos_token_id\":{value}").Ids("eos_token_id"));

    [Theory]
    [InlineData("-1", "-1")]
    [InlineData("[1,2.5]", "2.5")]
    [InlineData("[[1]]", "a list of 1")]
    [InlineData("\"2\"", "\"2\"")]
    [InlineData("3000000000", "3000000000")]
    public void Ids_NotAnId_ShowsIt(string value, string shown) => AssertRefused(
        $"\"eos_token_id\":{value}", config => config.Ids("eos_token_id"), "eos_token_id",
        $"'eos_token_id' is {shown}; expected an integer from 0 to 2147483647, or a list of them.");

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-4096", "-4096")]
    [InlineData("4096.5", "4096.5")]
    [InlineData("2147483648", "2147483648")]
    [InlineData("\"4096\"", "\"4096\"")]
    [InlineData("true", "true")]
    [InlineData("{}", "an object")]
    public void Size_NotAPositiveInteger_ShowsIt(string value, string shown) => AssertRefused(
        $"\"hidden_size\":{value}", config => config.Size("hidden_size"), "hidden_size",
        $"'hidden_size' is {shown}; expected a positive integer up to 2147483647.");

    [Fact]
    public void Size_Missing_NamesIt() =>
        AssertRefused("", config => config.Size("hidden_size"), "hidden_size", "'hidden_size' is missing; expected a positive integer.");

    [Theory]
    [InlineData("\"1\"", "\"1\"", "a finite number")]
    [InlineData("1e400", "1e400", "a finite number")]
    [InlineData("-1e39", "-1e39", "a number that float32 holds")]
    [InlineData("false", "false", "a finite number")]
    public void Number_NotANumber_ShowsIt(string value, string shown, string expected) =>
        AssertRefused($"\"x\":{value}", config => config.Number("x"), "x", $"'x' is {shown}; expected {expected}.");

    [Fact]
    public void Number_Missing_NamesIt() => AssertRefused("", config => config.Number("x"), "x", "'x' is missing; expected a finite number.");

    [Theory]
    [InlineData("1", "1")]
    [InlineData("\"true\"", "\"true\"")]
    public void Flag_NotATruthValue_ShowsIt(string value, string shown) =>
        AssertRefused($"\"f\":{value}", config => config.Flag("f", true), "f", $"'f' is {shown}; expected true or false.");

    [Fact]
    public void Text_NotAString_ShowsIt() => AssertRefused("\"t\":7", config => config.Text("t", "x"), "t", "'t' is 7; expected a string.");

    [Fact]
    public void Text_Missing_NamesIt() => AssertRefused("", config => config.Text("t"), "t", "'t' is missing; expected a string.");

    [Fact]
    public void Texts_NotStrings_ShowsTheItem() => AssertRefused("\"t\":[\"a\",7]", config => config.Texts("t"), "t", "'t' is 7; expected a list of strings.");

    [Fact]
    public void Doubles_NotAList_ShowsIt() => AssertRefused("\"t\":7", config => config.Doubles("t"), "t", "'t' is 7; expected a list.");

    [Fact]
    public void Section_NotAnObject_ShowsIt() => AssertRefused("\"s\":[1]", config => config.Section("s"), "s", "'s' is a list of 1; expected an object.");

    [Fact]
    public void Section_ValueWrong_NamesItsPath() => AssertRefused(
        "\"s\":{\"n\":0}", config => config.Section("s")!.Size("n"), "s.n", "'s.n' is 0; expected a positive integer up to 2147483647.");

    [Fact]
    public void Refuse_ValueInTheFile_ShowsItWithAdvice()
    {
        CheckpointException error = Parse(""" "hidden_act":"relu9" """).Refuse("hidden_act", "silu or gelu", "Nothing else is implemented.");
        Assert.Equal("config.json: 'hidden_act' is \"relu9\"; expected silu or gelu. Nothing else is implemented.", error.Message);
        Assert.Equal(("/m/config.json", "hidden_act"), (error.File, error.Key));
    }

    [Fact]
    public void UnreadKeys_SomeRead_AreTheOthersInOrder()
    {
        HfConfig config = Parse(
            """ "hidden_size":1,"zeta":1,"alpha":false,"nothing":null,"use_cache":true,"torch_dtype":"bfloat16","architectures":["A"] """
            + """ ,"inner":{"read":1,"unread":2},"closed":{"x":1} """);
        _ = config.Size("hidden_size");
        _ = config.Section("inner")!.Size("read");
        Assert.True(config.Has("alpha"));
        Assert.Equal(["zeta", "alpha", "inner.unread", "closed"], config.UnreadKeys);
    }

    [Fact]
    public void ModelType_Missing_IsRefused()
    {
        Assert.Equal(
            "config.json: 'model_type' is missing; expected the name of an architecture, such as \"llama\". "
                + "The folder may not be a checkpoint that transformers can load.",
            Assert.Throws<CheckpointException>(() => ParseWhole("{}")).Message);
    }

    [Theory]
    [InlineData("[]", "is a list of 0; expected a JSON object.")]
    [InlineData("""{"a":1,"a":1}""", "'a' appears twice; expected each key once.")]
    [InlineData("""{"a":{"b":[{"c":1,"c":2}]}}""", "'a.b[].c' appears twice; expected each key once.")]
    [InlineData("""{"a":NaN}""", "line 1 has the number NaN, which Python writes but JSON does not have; expected a finite number.")]
    [InlineData("{\n\"a\":\n [1, Infinity]}", "line 3 has the number Infinity, which Python writes but JSON does not have; expected a finite number.")]
    [InlineData("{\"a\":-Infinity}", "line 1 has the number Infinity, which Python writes but JSON does not have; expected a finite number.")]
    public void Parse_NotStrictJson_SaysWhy(string json, string problem) =>
        Assert.Equal($"config.json: {problem}", Assert.Throws<CheckpointException>(() => ParseWhole(json)).Message);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{"a":1}//""")]
    [InlineData("{'a':1}")]
    [InlineData("\uFEFF{}")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"\udc00":1}""")]
    public void Parse_NotJson_SaysSo(string json) =>
        Assert.StartsWith("config.json: is not JSON: ", Assert.Throws<CheckpointException>(() => ParseWhole(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_NotUtf8_SaysSo() => Assert.Equal(
        "config.json: is not UTF-8; expected JSON in UTF-8. Download it again.",
        Assert.Throws<CheckpointException>(() => HfConfig.Parse(new byte[] { (byte)'{', (byte)'"', 0xff, (byte)'"' }, "config.json")).Message);

    [Fact]
    public void Parse_TooDeep_IsRefused() => Assert.Throws<CheckpointException>(() => ParseWhole($"{{\"a\":{new string('[', 100_000)}"));

    [Fact]
    public void Parse_DamagedConfig_IsRefusedOrRead()
    {
        Random random = new(3);
        byte[] symbols = "0123456789{}[]\",:-.eENnull \\u"u8.ToArray();
        int refused = 0;
        for (int round = 0; round < 1000; round++)
        {
            byte[] bytes =
                """{"model_type":"llama","eos_token_id":[1,2],"rope_theta":1e4,"hidden_size":64,"rope_scaling":{"type":"yarn","factor":8.0}}"""u8.ToArray();
            for (int damage = random.Next(1, 4); damage > 0; damage--) bytes[random.Next(bytes.Length)] = symbols[random.Next(symbols.Length)];
            try
            {
                HfConfig config = HfConfig.Parse(bytes, "config.json");
                _ = (config.Size("hidden_size"), config.Ids("eos_token_id"), config.Rope(512), config.UnreadKeys, config.Quantization);
            }
            catch (CheckpointException e)
            {
                Assert.StartsWith("config.json: ", e.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.InRange(refused, 500, 999);
    }

    [Fact]
    public void Load_NoConfig_ListsTheFolder()
    {
        using TemporaryFolder folder = new();
        folder.Write("model.safetensors", "x");
        Assert.Equal(
            $"{folder.Path}: has no config.json; it has model.safetensors. Expected a checkpoint's folder.",
            Assert.Throws<CheckpointException>(() => HfConfig.Load(folder.Path)).Message);
        Assert.Equal(
            $"{folder["none"]}: there is no such folder; expected a checkpoint's.",
            Assert.Throws<CheckpointException>(() => HfConfig.Load(folder["none"])).Message);
    }

    [Theory]
    [InlineData(""" "dtype":"float16" """, "float16")]
    [InlineData(""" "torch_dtype":"float16" """, "float16")]
    [InlineData(""" "torch_dtype":"float16","dtype":"float16" """, "float16")]
    [InlineData("", null)]
    public void StoredDType_EitherSpelling_GivesIt(string values, string? expected) => Assert.Equal(expected, Parse(values).StoredDType);

    [Fact]
    public void StoredDType_SpellingsDiffer_NamesBoth() => AssertRefused(
        """ "torch_dtype":"float16","dtype":"bfloat16" """, config => config.StoredDType, "dtype",
        "'dtype' is \"bfloat16\", but 'torch_dtype' \"float16\"; expected the same in both. Remove the one that is wrong.");

    [Fact]
    public void EndIds_GenerationConfigHasSome_TakesThem()
    {
        HfConfig config = Parse("\"eos_token_id\":2");
        Assert.Equal([2], config.EndIds(null));
        Assert.Equal([2], config.EndIds(new GenerationDefaults()));
        Assert.Equal([7, 8], config.EndIds(new GenerationDefaults { EndIds = [7, 8] }));
        Assert.Empty(Parse("").EndIds(null));
    }

    [Theory]
    [InlineData("null", true)]
    [InlineData("false", true)]
    [InlineData("0", true)]
    [InlineData("1.0", true)]
    [InlineData("[]", true)]
    [InlineData("true", false)]
    [InlineData("2", false)]
    [InlineData("\"\"", false)]
    [InlineData("[0]", false)]
    public void IsOff_AValue_SaysWhetherItSwitchesNothingOn(string value, bool expected)
    {
        HfConfig config = ParseWhole($$"""{"model_type": "llama", "novelty": {{value}}}""");

        Assert.Equal(expected, config.IsOff("novelty"));
        Assert.Equal(expected, config.UnreadSettings.IsEmpty);
        Assert.Equal(value != "null", config.IsUnread("novelty"));
    }

    [Fact]
    public void Part_OfAWholeModel_IsAConfigWhoseKeysAreReportedByTheirPaths()
    {
        HfConfig whole = ParseWhole("""{"model_type": "gemma3", "eos_token_id": 7, "text_config": {"model_type": "gemma3_text", "eos_token_id": 2, "novelty": 3}}""");

        HfConfig part = whole.Part("text_config");

        Assert.Same(part, whole.Part("text_config"));
        Assert.Equal(("gemma3_text", 7), (part.ModelType, part.EndIds(null)[0]));
        Assert.Equal(["text_config.novelty"], whole.UnreadKeys);
        Assert.Contains("'text_config.novelty' is 3", part.Refuse("novelty", "none", "").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model_type": "gemma3"}""", "'text_config' is missing")]
    [InlineData("""{"model_type": "gemma3", "text_config": 3}""", "'text_config' is 3; expected an object")]
    [InlineData("""{"model_type": "gemma3", "text_config": {}}""", "'text_config.model_type' is missing")]
    public void Part_ThatIsNoConfig_IsRefused(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => ParseWhole(json).Part("text_config")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", false)]
    [InlineData("\"rope_local_base_freq\":10000", true)]
    [InlineData("\"rope_parameters\":{\"rope_type\":\"default\",\"rope_theta\":10000}", false)]
    [InlineData("\"rope_parameters\":{\"sliding_attention\":{\"rope_type\":\"default\"}}", true)]
    [InlineData("\"rope_parameters\":{\"full_attention\":{\"rope_type\":\"default\"}}", false)]
    public void HasRopeOf_SlidingLayers_SaysWhetherTheFileGivesThemTheirOwn(string values, bool expected) =>
        Assert.Equal(expected, Parse(values).HasRopeOf("sliding_attention"));

    private static HfConfig Parse(string values) =>
        ParseWhole($"{{\"model_type\":\"llama\"{(string.IsNullOrWhiteSpace(values) ? "" : ",")}{values}}}");

    private static HfConfig ParseWhole(string json) => HfConfig.Parse(Encoding.UTF8.GetBytes(json), "/m/config.json");

    private static void AssertRefused(string values, Func<HfConfig, object?> read, string key, string problem)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => read(Parse(values)));
        Assert.Equal($"config.json: {problem}", error.Message);
        Assert.Equal(key, error.Key);
    }
}
