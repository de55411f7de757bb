using Onnx.Llama.Decoding;

namespace Onnx.Llama.Tests.Decoding;

/// <summary>A sequence with its prompt, the tokens after it, and its logits alone.</summary>
internal sealed class TestSequence : IDisposable
{
    private readonly KvSlot _slot;
    private readonly int[] _tokens;
    private readonly int _prompt;
    private readonly float[][] _expected;
    private readonly int _large;
    private int _row;

    /// <param name="decoder">Where it runs in company.</param>
    /// <param name="folder">The model, which it also runs alone.</param>
    /// <param name="random">Decides its tokens and lengths.</param>
    /// <param name="vocabulary">The model's.</param>
    /// <param name="longest">The most tokens of its prompt, and after it.</param>
    /// <param name="chunk">The decoder's pieces of a prompt.</param>
    /// <param name="slack">The decoder's room beyond a window.</param>
    public TestSequence(
        RowDecoder decoder, string folder, Random random, int vocabulary, int longest = 29, int chunk = RowDecoder.DefaultChunk, int? slack = null)
    {
        _prompt = random.Next(1, longest + 1);
        _tokens = Decoders.RandomTokens(random, _prompt + random.Next(1, 20), vocabulary);
        _expected = Decoders.Alone(folder, _tokens, _prompt, chunk, slack);
        _large = (2 * longest) + 6;
        _slot = decoder.Rent(random.Next(2) == 0 ? _large : _prompt);
    }

    public bool IsDone => _slot.Length == _tokens.Length;

    public void AddTo(StepPlan plan)
    {
        int count = _slot.Length == 0 ? _prompt : 1;
        if (_slot.Length + count > _slot.Capacity) _slot.Grow(_large);
        _row = plan.Add(_slot, _tokens.AsSpan(_slot.Length, count));
    }

    public void Check(RowDecoder decoder) =>
        Assert.True(decoder.Logits(_row).SequenceEqual(_expected[_slot.Length - 1]), $"token {_slot.Length}: the logits differ");

    public void Dispose() => _slot.Dispose();
}
