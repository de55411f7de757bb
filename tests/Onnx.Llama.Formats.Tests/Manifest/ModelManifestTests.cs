using System.Text;
using System.Text.Json.Nodes;
using Onnx.Llama.Manifest;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Formats.Tests.Manifest;

public sealed class ModelManifestTests : IDisposable
{
    private const string Small =
        """
        {
          "schema_version": 1,
          "task": "text",
          "model_type": "llama",
          "variants": [
            {
              "file": "model.onnx",
              "provider": "cpu",
              "precision": "int4",
              "onnx_runtime": "1.20.0"
            }
          ],
          "layers": [
            {
              "kind": "full"
            },
            {
              "kind": "window",
              "window": 4096
            }
          ],
          "length_dependent_rope": false,
          "end_ids": [
            2
          ],
          "source": {
            "files": [
              {
                "name": "config.json",
                "size": 700,
                "sha256": "ab"
              },
              {
                "name": "model.safetensors",
                "size": 5000000000,
                "header_sha256": "cd"
              }
            ]
          },
          "options": {
            "precision": "int4"
          },
          "tool_version": "0.1.0",
          "files": [
            {
              "name": "model.onnx",
              "size": 9000,
              "sha256": "ef"
            }
          ]
        }

        """;

    private readonly TemporaryFolder _folder = new();

    private string FileName => _folder[ModelManifest.FileName];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ToUtf8_OfASmallModel_IsThisText() => Assert.Equal(Small, Encoding.UTF8.GetString(Manifest().ToUtf8()));

    [Fact]
    public void Load_OfWhatWasWritten_WritesTheSameAgain()
    {
        ModelManifest manifest = Manifest() with
        {
            Task = ModelTask.Embed,
            LengthDependentRope = true,
            RopeSwitchAt = 4096,
            ToolCallFormat = "llama3_json",
            Source = new ModelSource([], Revision: "0123abc"),
        };
        byte[] bytes = manifest.ToUtf8();
        File.WriteAllBytes(FileName, bytes);

        ModelManifest? loaded = ModelManifest.Load(_folder.Path);
        Assert.NotNull(loaded);
        Assert.Equal(bytes, loaded.ToUtf8());
        Assert.Equal("llama3_json", loaded.ToolCallFormat);
        Assert.Equal(new LayerCache(LayerCacheKind.Window, 4096), loaded.Layers[1]);
    }

    [Fact]
    public void Load_OfAFolderWithoutIt_IsNull() => Assert.Null(ModelManifest.Load(_folder.Path));

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    [InlineData(-1)]
    public void Load_OfAnotherSchema_NamesBothVersions(int version)
    {
        Edit(json => json["schema_version"] = version);
        Assert.Equal(
            $"{FileName}: schema_version is {version}; this version reads 1 to 1. Update onnx-llama, or convert the checkpoint again.", Refused());
    }

    [Fact]
    public void Load_OfANewerSchemaThatIsAllDifferent_StillNamesTheVersion()
    {
        File.WriteAllText(FileName, """{ "task": { "kind": "speech" }, "schema_version": 3 }""");
        Assert.StartsWith($"{FileName}: schema_version is 3; ", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("schema_version")]
    [InlineData("task")]
    [InlineData("variants")]
    [InlineData("layers")]
    [InlineData("end_ids")]
    [InlineData("source")]
    [InlineData("options")]
    [InlineData("tool_version")]
    [InlineData("files")]
    public void Load_WithoutAField_NamesIt(string key)
    {
        Edit(json => json.Remove(key));
        Assert.Contains($"'{key}'", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfAVariantWithoutItsFile_NamesTheField()
    {
        Edit(json => json["variants"]![0]!.AsObject().Remove("file"));
        Assert.Contains("'file'", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfNoVariant_IsRefused()
    {
        Edit(json => json["variants"] = new JsonArray());
        Assert.Equal($"{FileName}: variants is empty; expected at least one graph. Convert the checkpoint again.", Refused());
    }

    [Theory]
    [InlineData("variants")]
    [InlineData("layers")]
    [InlineData("files")]
    public void Load_OfNullInAList_NamesThePlace(string key)
    {
        Edit(json => json[key]!.AsArray().Add(null));
        Assert.Contains($": {key}[{JsonNode.Parse(Small)![key]!.AsArray().Count}] is null; expected an object. ", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfNullAmongTheSources_NamesThePlace()
    {
        Edit(json => json["source"]!["files"]!.AsArray().Insert(0, null));
        Assert.StartsWith($"{FileName}: source.files[0] is null; expected an object. ", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("task", "\"speak\"", "$.task")]
    [InlineData("task", "null", "$.task")]
    [InlineData("end_ids", "2", "$.end_ids")]
    [InlineData("layers", "[{\"kind\": \"paged\"}]", "$.layers[0].kind")]
    [InlineData("tool_version", "null", "$.tool_version")]
    public void Load_OfAValueOfAnotherKind_NamesTheKey(string key, string value, string path)
    {
        Edit(json => json[key] = JsonNode.Parse(value));
        Assert.Contains($"Path: {path} ", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfFieldsOfOtherVersions_PassesThemOver()
    {
        Edit(json =>
        {
            json["license"] = "MIT";
            json["variants"]![0]!["device"] = new JsonObject { ["memory"] = 8 };
        });

        Assert.Equal(Small, Encoding.UTF8.GetString(ModelManifest.Load(_folder.Path)!.ToUtf8()));
    }

    [Fact]
    public void Load_OfWhatIsNoJson_IsRefused()
    {
        File.WriteAllText(FileName, "schema_version: 1");
        Assert.StartsWith($"{FileName}: cannot be used: ", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfAHugeFile_IsRefusedUnread()
    {
        using (FileStream file = File.Create(FileName)) file.SetLength(1L << 40); // sparse
        Assert.StartsWith($"{FileName}: is 1099511627776 bytes; expected at most 16777216. ", Refused(), StringComparison.Ordinal);
    }

    private static ModelManifest Manifest() => new()
    {
        SchemaVersion = ModelManifest.CurrentSchemaVersion,
        Task = ModelTask.Text,
        ModelType = "llama",
        Variants = [new ModelVariant("model.onnx", "cpu", "int4", "1.20.0")],
        Layers = [new LayerCache(LayerCacheKind.Full), new LayerCache(LayerCacheKind.Window, 4096)],
        EndIds = [2],
        Source = new ModelSource([new SourceFile("config.json", 700, Sha256: "ab"), new SourceFile("model.safetensors", 5_000_000_000, HeaderSha256: "cd")]),
        Options = new ConversionRecord("int4"),
        ToolVersion = "0.1.0",
        Files = [new FileRecord("model.onnx", 9000, "ef")],
    };

    private void Edit(Action<JsonObject> change)
    {
        JsonObject json = JsonNode.Parse(Small)!.AsObject();
        change(json);
        File.WriteAllText(FileName, json.ToJsonString());
    }

    private string Refused() => Assert.Throws<ManifestException>(() => ModelManifest.Load(_folder.Path)).Message;
}
