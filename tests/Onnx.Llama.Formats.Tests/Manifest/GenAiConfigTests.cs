using System.Text;
using System.Text.Json.Nodes;
using Onnx.Llama.Manifest;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Formats.Tests.Manifest;

public sealed class GenAiConfigTests : IDisposable
{
    private const string Small =
        """
        {
          "model": {
            "type": "llama",
            "bos_token_id": 1,
            "eos_token_id": [
              2,
              7
            ],
            "pad_token_id": 2,
            "context_length": 512,
            "vocab_size": 320,
            "decoder": {
              "filename": "model.onnx",
              "head_size": 16,
              "hidden_size": 64,
              "num_attention_heads": 4,
              "num_hidden_layers": 2,
              "num_key_value_heads": 2,
              "inputs": {
                "input_ids": "input_ids",
                "attention_mask": "attention_mask",
                "past_key_names": "past_key_values.%d.key",
                "past_value_names": "past_key_values.%d.value"
              },
              "outputs": {
                "logits": "logits",
                "present_key_names": "present.%d.key",
                "present_value_names": "present.%d.value"
              },
              "session_options": {
                "log_id": "onnxruntime-genai",
                "provider_options": []
              }
            }
          },
          "search": {
            "do_sample": true,
            "max_length": 512,
            "past_present_share_buffer": true,
            "temperature": 0.6,
            "top_k": 50,
            "top_p": 0.9
          }
        }

        """;

    private readonly TemporaryFolder _folder = new();

    private string FileName => _folder[GenAiConfig.FileName];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ToUtf8_OfASmallModel_IsThisText() => Assert.Equal(Small, Encoding.UTF8.GetString(Config([2, 7]).ToUtf8()));

    [Fact]
    public void Load_OfWhatWasWritten_WritesTheSameAgain()
    {
        GenAiConfig config = Config([2, 7]);
        config = config with
        {
            Model = config.Model with
            {
                Decoder = config.Model.Decoder with
                {
                    Inputs = new GenAiInputs { PositionIds = "position_ids" },
                    SessionOptions = new GenAiSessionOptions
                    {
                        LogSeverityLevel = 3,
                        ProviderOptions = [new Dictionary<string, IReadOnlyDictionary<string, string>> { ["cuda"] = new Dictionary<string, string> { ["enable_cuda_graph"] = "0" } }],
                    },
                },
            },
        };
        byte[] bytes = config.ToUtf8();
        File.WriteAllBytes(FileName, bytes);

        GenAiConfig loaded = GenAiConfig.Load(_folder.Path);
        Assert.Equal(bytes, loaded.ToUtf8());
        Assert.Equal("0", loaded.Model.Decoder.SessionOptions.ProviderOptions[0]["cuda"]["enable_cuda_graph"]);
    }

    [Fact]
    public void ToUtf8_OfWindowedLayers_WritesWhatGenAiReads()
    {
        GenAiConfig config = Config([2, 7]);
        GenAiDecoder decoder = config.Model.Decoder with { SlidingWindow = new GenAiSlidingWindow(32, [0, 2]) };
        byte[] bytes = (config with { Model = config.Model with { Decoder = decoder } }).ToUtf8();
        JsonNode window = JsonNode.Parse(bytes)!["model"]!["decoder"]!["sliding_window"]!;
        JsonNode expected = JsonNode.Parse("""{"window_size": 32, "slide_key_value_cache": false, "slide_inputs": false, "layers": [0, 2], "cache_slack": 0}""")!;
        Assert.True(JsonNode.DeepEquals(expected, window), window.ToJsonString());
        File.WriteAllBytes(FileName, bytes);
        Assert.Equal(bytes, GenAiConfig.Load(_folder.Path).ToUtf8());
    }

    [Theory]
    [InlineData("7", new[] { 7 })]
    [InlineData("[7]", new[] { 7 })]
    [InlineData("[7, 2]", new[] { 7, 2 })]
    [InlineData("[]", new int[0])]
    [InlineData("null", new int[0])]
    public void Load_OfEndIds_TakesANumberOrAList(string written, int[] expected)
    {
        Edit(json => json["model"]!["eos_token_id"] = JsonNode.Parse(written));
        Assert.Equal(expected, GenAiConfig.Load(_folder.Path).Model.EosTokenId);
    }

    [Fact]
    public void ToUtf8_OfOneEndId_WritesANumber() =>
        Assert.Contains("\"eos_token_id\": 7,", Encoding.UTF8.GetString(Config([7]).ToUtf8()), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"two\"")]
    [InlineData("[2, null]")]
    [InlineData("[2, [7]]")]
    [InlineData("[2.5]")]
    [InlineData("3000000000")]
    [InlineData("{}")]
    public void Load_OfEndIdsThatAreNone_NamesTheKey(string written)
    {
        Edit(json => json["model"]!["eos_token_id"] = JsonNode.Parse(written));
        Assert.Contains("$.model.eos_token_id", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("type")]
    [InlineData("context_length")]
    [InlineData("vocab_size")]
    [InlineData("decoder")]
    public void Load_WithoutAField_NamesIt(string key)
    {
        Edit(json => json["model"]!.AsObject().Remove(key));
        Assert.Contains($"'{key}'", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithoutWhatHasADefault_TakesTheDefault()
    {
        Edit(json =>
        {
            json.Remove("search");
            json["model"]!.AsObject().Remove("bos_token_id");
            json["model"]!.AsObject().Remove("eos_token_id");
            json["model"]!["decoder"]!.AsObject().Remove("session_options");
        });

        GenAiConfig config = GenAiConfig.Load(_folder.Path);
        Assert.Equal(new GenAiSearch(), config.Search);
        Assert.Null(config.Model.BosTokenId);
        Assert.Empty(config.Model.EosTokenId);
        Assert.Empty(config.Model.Decoder.SessionOptions.ProviderOptions);
    }

    [Fact]
    public void Load_OfEmptyRecords_TakesTheirDefaults()
    {
        Edit(json =>
        {
            json["search"] = new JsonObject();
            json["model"]!["decoder"]!["inputs"] = new JsonObject();
            json["model"]!["decoder"]!["outputs"] = new JsonObject();
            json["model"]!["decoder"]!["session_options"] = new JsonObject();
        });

        GenAiConfig config = GenAiConfig.Load(_folder.Path);
        Assert.Equal(new GenAiSearch(), config.Search);
        Assert.Equal(new GenAiInputs(), config.Model.Decoder.Inputs);
        Assert.Equal(new GenAiOutputs(), config.Model.Decoder.Outputs);
        Assert.Equal(new GenAiSessionOptions().LogId, config.Model.Decoder.SessionOptions.LogId);
    }

    [Fact]
    public void Load_OfFieldsOfOtherVersions_PassesThemOver()
    {
        byte[] before = Config([2, 7]).ToUtf8();
        Edit(json =>
        {
            json["engine"] = new JsonObject { ["dynamic_batching"] = true };
            json["model"]!["decoder"]!["pipeline"] = new JsonObject { ["stage"] = 1 };
            json["search"]!["repetition_penalty"] = 1.0;
        });

        Assert.Equal(before, GenAiConfig.Load(_folder.Path).ToUtf8());
    }

    [Fact]
    public void Load_OfAByteOrderMark_PassesItOver()
    {
        File.WriteAllText(FileName, Small, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal(512, GenAiConfig.Load(_folder.Path).Model.ContextLength);
    }

    [Theory]
    [InlineData("model", "$.model")]
    [InlineData("search", "$.search")]
    public void Load_OfNullWhereARecordBelongs_NamesTheKey(string key, string path)
    {
        Edit(json => json[key] = null);
        Assert.Contains($"Path: {path}", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfANullProvider_IsRefused()
    {
        Edit(json => json["model"]!["decoder"]!["session_options"]!["provider_options"] = new JsonArray(null, null));
        Assert.StartsWith($"{FileName}: model.decoder.session_options.provider_options[0] is null; expected an object. ", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfANumberOfAnotherKind_NamesTheKey()
    {
        Edit(json => json["model"]!["context_length"] = "long");
        Assert.Contains("$.model.context_length", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfWhatIsNoJson_IsRefused()
    {
        File.WriteAllText(FileName, Small[..200]);
        Assert.StartsWith($"{FileName}: cannot be used: ", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfNull_IsRefused()
    {
        File.WriteAllText(FileName, "null");
        Assert.StartsWith($"{FileName}: is null; expected an object. ", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfAnEmptyFile_IsRefused()
    {
        File.WriteAllText(FileName, "");
        Assert.StartsWith($"{FileName}: is empty; expected JSON. ", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfAHugeFile_IsRefusedUnread()
    {
        using (FileStream file = File.Create(FileName)) file.SetLength(1L << 40); // sparse
        Assert.StartsWith($"{FileName}: is 1099511627776 bytes; expected at most 16777216. ", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfNoFile_SaysWhatToDo()
    {
        Assert.Equal(
            $"{FileName}: is missing; expected it in a model's folder. Convert the checkpoint again, or give the folder that holds the converted model.", Refused());
    }

    [Fact]
    public void Load_OfNoFolder_SaysWhatToDo()
    {
        string file = Path.Combine(_folder["nowhere"], GenAiConfig.FileName);
        ManifestException fault = Assert.Throws<ManifestException>(() => GenAiConfig.Load(_folder["nowhere"]));
        Assert.StartsWith($"{file}: is missing; ", fault.Message, StringComparison.Ordinal);
        Assert.Equal(file, fault.File);
    }

    private static GenAiConfig Config(int[] ends) => new()
    {
        Model = new GenAiModel
        {
            Type = "llama",
            BosTokenId = 1,
            EosTokenId = ends,
            PadTokenId = 2,
            ContextLength = 512,
            VocabSize = 320,
            Decoder = new GenAiDecoder
            {
                Filename = "model.onnx",
                HeadSize = 16,
                HiddenSize = 64,
                NumAttentionHeads = 4,
                NumHiddenLayers = 2,
                NumKeyValueHeads = 2,
                Inputs = new GenAiInputs(),
                Outputs = new GenAiOutputs(),
            },
        },
        Search = new GenAiSearch { DoSample = true, MaxLength = 512, Temperature = 0.6f, TopP = 0.9f },
    };

    private void Edit(Action<JsonObject> change)
    {
        JsonObject json = JsonNode.Parse(Small)!.AsObject();
        change(json);
        File.WriteAllText(FileName, json.ToJsonString());
    }

    private string Refused() => Assert.Throws<ManifestException>(() => GenAiConfig.Load(_folder.Path)).Message;
}
