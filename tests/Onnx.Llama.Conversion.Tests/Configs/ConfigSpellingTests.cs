using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Tests.Targets;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Configs;

public sealed class ConfigSpellingTests
{
    [Theory]
    [MemberData(nameof(Goldens.Names), MemberType = typeof(Goldens))]
    public void Create_BothSpellingsOfAConfig_GiveTheSameFolder(string name)
    {
        using TemporaryFolder folder = new();
        _ = ReferenceModel.CopyTo(folder, name);
        FolderContent old = FolderContent.Of(folder.Path, folder["output"]);

        folder.Write(HfConfig.FileName, ReferenceModel.NewSpelling(name).ToJsonString());
        FolderContent now = FolderContent.Of(folder.Path, folder["output"]);

        Assert.Equal(old.Graph, now.Graph);
        Assert.Equal(old.Files, now.Files);
    }
}
