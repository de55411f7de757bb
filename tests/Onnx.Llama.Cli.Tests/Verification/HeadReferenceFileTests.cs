using System.Runtime.InteropServices;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Cli.Verification;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.Verification;

public sealed class HeadReferenceFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private long[] _ids = [5, 6, 7, 0];
    private long[] _mask = [1, 1, 1, 0];
    private string _name = "mean";
    private long[] _shape = [2, 3];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_FilledUpTexts_LeavesTheFillingsOut()
    {
        HeadReferenceFile file = Read();
        Assert.Equal([[5, 6], [7]], file.Texts);
        Assert.Equal([4, 5, 6], file.Values.Row(1).ToArray());
    }

    [Fact]
    public void Read_FillingsBefore_LeavesThemOut()
    {
        (_ids, _mask) = ([5, 6, 0, 7], [1, 1, 0, 1]);
        Assert.Equal([[5, 6], [7]], Read().Texts);
    }

    [Fact]
    public void Read_OtherValues_HasNothingToCompare()
    {
        _name = "last";
        AssertRefused("has nothing to compare; expected ids and mask with mean");
    }

    [Fact]
    public void Read_AnotherWidth_IsRefused()
    {
        _shape = [3, 2];
        AssertRefused("'mean' is [3, 2] F32; expected F32 [2, 3], a row for each text");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(320)]
    public void Read_IdOutsideTheVocabulary_IsRefused(int id)
    {
        _ids[1] = id;
        AssertRefused($"'ids' has the id {id}; expected 0 to 319");
    }

    [Fact]
    public void Read_MaskThatIsNone_IsRefused()
    {
        _mask = [1, 1, 0, 0];
        AssertRefused("'mask' leaves no token of text 1");
        _mask = [1, 2, 1, 0];
        AssertRefused("'mask' has 2 in text 0; expected 0 or 1");
    }

    [Fact]
    public void Read_TextLongerThanTheContext_IsRefused() =>
        Assert.Contains("has a text of 2 tokens; expected at most 1", Assert.Throws<VerificationException>(() => Read(context: 1)).Message, StringComparison.Ordinal);

    private HeadReferenceFile Read(int context = 8)
    {
        string file = _folder["reference.safetensors"];
        new SafetensorsWriter()
            .Add("ids", DType.I64, [2, 2], MemoryMarshal.AsBytes<long>(_ids).ToArray())
            .Add("mask", DType.I64, [2, 2], MemoryMarshal.AsBytes<long>(_mask).ToArray())
            .Add(_name, _shape, new float[] { 1, 2, 3, 4, 5, 6 })
            .Save(file);
        return HeadReferenceFile.Read(file, "mean", width: 3, vocabulary: 320, context);
    }

    private void AssertRefused(string expected) =>
        Assert.Contains(expected, Assert.Throws<VerificationException>(() => Read()).Message, StringComparison.Ordinal);
}
