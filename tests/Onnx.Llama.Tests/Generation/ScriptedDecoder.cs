using Onnx.Llama.Decoding;

namespace Onnx.Llama.Tests.Generation;

/// <summary>A decoder whose most likely token after n tokens is the n-th of a script; it counts what it is asked.</summary>
internal sealed class ScriptedDecoder(int contextLength, params int[] script) : IDecoder
{
    public const int Vocabulary = 300;

    private readonly float[] _logits = new float[Vocabulary];

    /// <summary>Called at each step with the number of steps before it.</summary>
    public Action<int>? OnStep { get; set; }

    public int Steps { get; private set; }

    public KvLayout Layout { get; } = new([new KvLayer(1, 8, 4)]);

    public int ContextLength => contextLength;

    public int VocabularySize => Vocabulary;

    public long KvBytes => 0;

    public KvSlot Rent(int capacity) => new Slot(this, capacity);

    public void Step(StepPlan plan, CancellationToken cancellationToken)
    {
        OnStep?.Invoke(Steps);
        Steps++;
        cancellationToken.ThrowIfCancellationRequested();
        Slot slot = (Slot)plan[0].Slot;
        Assert.InRange(slot.Length + plan[0].Count, 0, slot.Capacity);
        slot.Append(plan[0].Count);
        Array.Clear(_logits);
        _logits[script[(slot.Length - 1) % script.Length]] = 1;
    }

    public ReadOnlySpan<float> Logits(int row) => _logits;

    public void Dispose()
    {
    }

    public sealed class Slot(ScriptedDecoder decoder, int capacity) : KvSlot
    {
        private int _capacity = capacity;
        private int _length;

        public override IDecoder Decoder => decoder;

        public override int Capacity => _capacity;

        public override int Length => _length;

        public override int CachedLength => _length;

        public List<int> Grown { get; } = [];

        public override void Grow(int capacity)
        {
            Assert.InRange(capacity, 1, decoder.ContextLength);
            Grown.Add(_capacity = capacity);
        }

        public override void Truncate(int length) => _length = length;

        public void Append(int count) => _length += count;

        protected override void Dispose(bool disposing)
        {
        }
    }
}
