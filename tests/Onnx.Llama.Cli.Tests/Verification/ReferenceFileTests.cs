using Onnx.Llama.Cli.Verification;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.Verification;

public sealed class ReferenceFileTests(ReferenceModel reference) : IClassFixture<ReferenceModel>
{
    [Fact]
    public void Read_NothingToCompare_IsRefused() =>
        AssertRefused("has nothing to compare", ("logits", null), ("greedy", null), ("long_logits", null));

    [Fact]
    public void Read_ValuesWithoutTheirIds_IsRefused() => AssertRefused("has nothing to compare", ("ids", null), ("long_ids", null));

    [Fact]
    public void Read_AnotherVocabulary_IsRefused() =>
        AssertRefused("'logits' is [12, 100] F32; expected rows of 320, the model's vocabulary", ("logits", Floats(12, 100)));

    [Theory]
    [InlineData("ids", -1)]
    [InlineData("ids", 320)]
    [InlineData("greedy", 4000)]
    [InlineData("long_ids", 320)]
    public void Read_IdOutsideTheVocabulary_IsRefused(string name, int id) =>
        AssertRefused($"'{name}' has the id {id}; expected 0 to 319", (name, ReferenceModel.Ids(id)));

    [Fact]
    public void Read_RowsUnequalToIds_IsRefused() => AssertRefused("'logits' has 11 rows; expected 12, one for each of ids", ("logits", Floats(11, 320)));

    [Fact]
    public void Read_MoreLongRowsThanIds_IsRefused() => AssertRefused("'long_logits' has 41 rows; expected at most 40", ("long_logits", Floats(41, 320)));

    [Fact]
    public void Read_LongerThanTheContext_IsRefused() =>
        AssertRefused("has a text of 513 tokens; expected at most 512", ("long_ids", ReferenceModel.Ids(new int[513])));

    [Fact]
    public void Read_IdsOfAnotherType_IsRefused() =>
        AssertRefused("'ids' is [1] I32; expected I64 with one dimension", ("ids", new ReferenceTensor("I32", [1], new byte[4])));

    [Fact]
    public void Read_LogitsOfAnotherType_IsRefused() =>
        AssertRefused("'logits' is [1, 2] F16; expected F32 with two dimensions", ("logits", new ReferenceTensor("F16", [1, 2], new byte[4])));

    private void AssertRefused(string expected, params (string Name, ReferenceTensor? Tensor)[] changes)
    {
        string file = reference.Rewritten(changes);

        VerificationException fault = Assert.Throws<VerificationException>(
            () => ReferenceFile.Read(file, reference.Model.VocabularySize, reference.Model.ContextLength));

        Assert.StartsWith(file, fault.Message, StringComparison.Ordinal);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    private static ReferenceTensor Floats(int rows, int columns) => new("F32", [rows, columns], new byte[rows * columns * sizeof(float)]);
}
