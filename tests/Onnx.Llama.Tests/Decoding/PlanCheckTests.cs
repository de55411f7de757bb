using Onnx.Llama.Decoding;

namespace Onnx.Llama.Tests.Decoding;

public sealed class PlanCheckTests : IDisposable
{
    private readonly TinyModel _model = new();
    private readonly RowDecoder _decoder;

    public PlanCheckTests() => _decoder = Decoders.Open(_model.Folder);

    public void Dispose()
    {
        _decoder.Dispose();
        _model.Dispose();
    }

    [Fact]
    public void Step_MoreTokensThanRoom_GivesBothNumbers()
    {
        using KvSlot slot = _decoder.Rent(5);
        _decoder.Step(slot, [1, 2, 3]);
        ModelException fault = Assert.Throws<ModelException>(() => _decoder.Step(slot, [1, 2, 3]));
        Assert.Contains("need room for 6", fault.Message, StringComparison.Ordinal);
        Assert.Contains("at most 5", fault.Message, StringComparison.Ordinal);
        Assert.Equal(3, slot.Length);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(TinyModel.Vocabulary)]
    public void Step_TokenOutsideTheVocabulary_NamesIt(int token)
    {
        using KvSlot slot = _decoder.Rent(5);
        ModelException fault = Assert.Throws<ModelException>(() => _decoder.Step(slot, [0, token]));
        Assert.Contains($"token {token} was given; expected 0 to 100", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_SlotTwiceInThePlan_IsRefused()
    {
        using KvSlot slot = _decoder.Rent(5);
        StepPlan plan = new();
        plan.Add(slot, [1]);
        plan.Add(slot, [2]);
        Assert.Throws<ArgumentException>(() => _decoder.Step(plan, CancellationToken.None));
        _decoder.Step(slot, [1]);
        Assert.Equal(1, slot.Length);
    }

    [Fact]
    public void Step_SlotOfAnotherDecoder_IsRefused()
    {
        using RowDecoder other = Decoders.Open(_model.Folder);
        using KvSlot slot = other.Rent(5);
        Assert.Throws<ArgumentException>(() => _decoder.Step(slot, [1]));
    }

    [Fact]
    public void Step_SlotGivenBack_IsRefused()
    {
        KvSlot slot = _decoder.Rent(5);
        slot.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _decoder.Step(slot, [1]));
        Assert.Throws<ObjectDisposedException>(() => slot.Grow(10));
    }

    [Fact]
    public void Add_NoTokens_IsRefused()
    {
        using KvSlot slot = _decoder.Rent(5);
        Assert.Throws<ArgumentException>(() => new StepPlan().Add(slot, []));
    }

    [Fact]
    public void Truncate_BeyondTheLength_IsRefused()
    {
        using KvSlot slot = _decoder.Rent(5);
        _decoder.Step(slot, [1, 2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => slot.Truncate(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => slot.Truncate(-1));
    }
}
