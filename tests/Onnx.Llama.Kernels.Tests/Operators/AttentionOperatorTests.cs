using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Operators;

namespace Onnx.Llama.Kernels.Tests.Operators;

/// <summary>Two rows of three new tokens, four heads that share two, of eight floats, in caches of ten tokens.</summary>
public sealed class AttentionOperatorTests
{
    private const int Rows = 2;
    private const int Tokens = 3;
    private const int Width = 32;
    private const int Packed = 64;
    private const int Capacity = 10;

    [Fact]
    public void Run_RightOne_GivesZeros() => Assert.Equal(new float[Rows * Tokens * Width], Node().Run());

    [Theory]
    [InlineData(AttentionOperator.Heads, 3, "3 heads share 2 of keys; expected a multiple")]
    [InlineData(AttentionOperator.Heads, 0, "num_heads: is 0; expected 1 to ")]
    [InlineData(AttentionOperator.KvHeads, 0, "kv_num_heads: is 0; expected 1 to ")]
    [InlineData(AttentionOperator.KvHeads, 4, "expected the same rows, 4 heads of keys")]
    [InlineData(AttentionOperator.Heads, 8, "expected [rows, tokens, 96]")]
    [InlineData(AttentionOperator.Slides, 1, "slides without a window; expected local_window_size")]
    [InlineData(AttentionOperator.Window, -2, "local_window_size: is -2; expected -1 to ")]
    public void Run_WrongAttribute_Fails(string name, long value, string message) => Node().With(name, value).Fails(message);

    [Fact]
    public void Run_WindowBeyondACacheThatSlides_Fails() =>
        Node().With(AttentionOperator.Slides, 1).With(AttentionOperator.Window, 11).Fails("expected a capacity of at least the window, 11");

    [Theory]
    [InlineData(10, 11)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(int.MinValue, 4)]
    [InlineData(-2, 3)]
    [InlineData(12, 4)]
    public void Run_LengthBeyondTheCache_Fails(int last, int total) =>
        Node().Change("last", [2, last], Rows).Change("total", [total], 1).Fails(total == int.MaxValue ? "" : "row 1 has ");

    [Theory]
    [InlineData("keys", 9)]
    [InlineData("values", 9)]
    public void Run_ShortCache_Fails(string name, int capacity) =>
        Node().Change(name, new float[Rows * 2 * capacity * 8], Rows, 2, capacity, 8).Fails("past_value is ");

    [Theory]
    [InlineData(1, 2, 8)]
    [InlineData(2, 1, 8)]
    [InlineData(2, 2, 6)]
    [InlineData(2, 2, 0)]
    [InlineData(2, 2, 1028)]
    public void Run_WrongCaches_Fails(int rows, int heads, int size)
    {
        float[] cache = new float[rows * heads * Capacity * size];
        Node().Change("keys", cache, rows, heads, Capacity, size).Change("values", cache, rows, heads, Capacity, size).Fails("query is ");
    }

    [Fact]
    public void Run_WrongRanks_Fails()
    {
        const string Message = "expected [rows, tokens, width] and [rows, kvHeads, capacity, headSize]";
        Node().Change("qkv", new float[Rows * Tokens * Packed], Rows * Tokens, Packed).Fails(Message);
        Node().Change("keys", new float[Rows * 2 * Capacity * 8], Rows, 2, Capacity * 8).Fails(Message);
    }

    [Fact]
    public void Run_WrongWidth_Fails() =>
        Node().Change("qkv", new float[Rows * Tokens * 63], Rows, Tokens, 63).Fails($"query is [2, 3, 63] without key and value; expected [rows, tokens, {Packed}]");

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_WrongNumberOfLengths_Fails(int rows) => Node().Change("last", Enumerable.Repeat(2, rows).ToArray(), rows).Fails("seqlens_k is ");

    [Theory]
    [InlineData(2, 4, "and 2 positions")]
    [InlineData(10, 5, "expected the same [positions, at most 4]")]
    public void Run_WrongTurns_Fails(int positions, int half, string message) =>
        Node().Change("cos", new float[positions * half], positions, half).Change("sin", new float[positions * half], positions, half).Fails(message);

    [Fact]
    public void Run_SinUnlikeCos_Fails() => Node().Change("sin", new float[36], 9, 4).Fails("cos_cache is [10, 4] and sin_cache [9, 4]; expected the same");

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Run_WrongSinks_Fails(int heads) => Node().Input("sinks", ElementType.Float, new float[heads], heads).Fails("head_sink is ");

    [Fact]
    public void Run_KeyWithoutValue_Fails() =>
        Separate().Change("query", new float[Rows * Tokens * Width], Rows, Tokens, Width).Fails("value is absent; expected 96 elements");

    [Fact]
    public void Run_ShortKey_Fails() => Separate().Change("key", new float[Rows * 2 * 16], Rows, 2, 16).Fails("key is [2, 2, 16]; expected 96 elements");

    [Fact]
    public void Run_PackedAndKey_Fails() =>
        Separate().Change("query", new float[Rows * Tokens * Packed], Rows, Tokens, Packed).Fails($"expected [rows, tokens, {Width}]");

    private static OwnNode Node() => Rest(new OwnNode(AttentionOperator.OperatorName)
        .Input("qkv", ElementType.Float, new float[Rows * Tokens * Packed], Rows, Tokens, Packed)
        .Absent()
        .Absent());

    private static OwnNode Separate() => Rest(new OwnNode(AttentionOperator.OperatorName)
        .Input("query", ElementType.Float, new float[Rows * Tokens * Width], Rows, Tokens, Width)
        .Input("key", ElementType.Float, new float[Rows * Tokens * 16], Rows, Tokens, 16)
        .Absent());

    private static OwnNode Rest(OwnNode node) => node
        .Input("keys", ElementType.Float, new float[Rows * 2 * Capacity * 8], Rows, 2, Capacity, 8)
        .Input("values", ElementType.Float, new float[Rows * 2 * Capacity * 8], Rows, 2, Capacity, 8)
        .Input("last", ElementType.Int32, [2, 2], Rows)
        .Input("total", ElementType.Int32, [3], 1)
        .Input("cos", ElementType.Float, new float[40], 10, 4)
        .Input("sin", ElementType.Float, new float[40], 10, 4)
        .Outputs(3)
        .With(AttentionOperator.Heads, 4)
        .With(AttentionOperator.KvHeads, 2)
        .With(AttentionOperator.Scale, 0f)
        .With(AttentionOperator.SoftCap, 0f)
        .With(AttentionOperator.Window, -1)
        .With(AttentionOperator.Slides, 0)
        .With(AttentionOperator.Interleaved, 0)
        .With(AttentionOperator.Smooth, 0);
}
