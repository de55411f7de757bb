using Onnx.Llama.Kernels.Attention;
using Onnx.Llama.Kernels.Tests.Attention;

namespace Onnx.Llama.Kernels.Tests.Rewriting;

/// <summary>Caches that keep a window and some room, beside ONNX Runtime's with sliding_window_cache and beside caches that keep everything.</summary>
public sealed class SlidingCacheTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 15)];

    /// <summary>ONNX Runtime takes no ragged prompts where caches slide: its rows run alone.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Prepare_RaggedPromptThenTokens_IsStocksButForRounding(int seed)
    {
        const int Decoded = 40;
        Case some = new(seed, rows: 1 + (seed % 3), Decoded);
        int[] prompt = [.. some.Input.Lengths.Select(length => length - Decoded)];
        float[][] ours = some.Play(kernels: true, Then(prompt, Decoded), inPlace: seed % 2 == 0);
        Near([.. prompt.Select((length, row) => some.Alone(row).Play(kernels: false, Then([length], Decoded))[0])], ours);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Prepare_AnyPieces_IsStocksButForRounding(int seed)
    {
        Case some = new(seed, rows: 1, 5);
        int[][] steps = [.. some.Pieces(new Random(seed), Math.Max(1, some.Capacity - some.Input.Window))];
        Near(some.Play(kernels: false, steps), some.Play(kernels: true, steps));
    }

    /// <summary>Pieces of any size, longer than the cache as well; in one place or from one to another.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Prepare_AnyPieces_HaveTheSameBits(int seed)
    {
        Case some = new(seed, rows: 1, 5);
        float[][] whole = some.Play(kernels: true, [some.Input.Lengths]);
        for (int i = 0; i < 4; i++)
        {
            int[][] steps = [.. some.Pieces(new Random(seed + (100 * i)), i == 0 ? 1 : 40 * i)];
            Difference.None(whole[0], some.Play(kernels: true, steps, inPlace: i % 2 == 1)[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Prepare_InCompany_HasTheSameBits(int seed)
    {
        const int Decoded = 40;
        Case some = new(seed, rows: 3, Decoded);
        int[] prompt = [.. some.Input.Lengths.Select(length => length - Decoded)];
        float[][] together = some.Play(kernels: true, Then(prompt, Decoded));
        for (int row = 0; row < 3; row++)
        {
            Case alone = some.Alone(row);
            Difference.None(together[row], alone.Play(kernels: true, [alone.Input.Lengths], inPlace: true)[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Prepare_BesideACacheOfEverything_IsTheSameButForRounding(int seed)
    {
        Case some = new(seed, rows: 1, 5);
        using AttentionModel everything = new(some.Input, some.Input.Lengths.Max(), kernels: true);
        Near(everything.Play([some.Input.Lengths]), some.Play(kernels: true, [some.Input.Lengths]));
    }

    /// <summary>What is kept always holds the window, fits, and is a matter of the length alone.</summary>
    [Fact]
    public void Dropped_OfAnyLength_KeepsTheWindow()
    {
        for (int window = 1; window < 20; window++)
        {
            for (int capacity = window; capacity < window + 20; capacity++)
            {
                SlidingWindow sliding = new(window, capacity);
                for (int length = 0; length < 100; length++)
                {
                    int kept = length - sliding.Dropped(length);
                    Assert.InRange(kept, Math.Min(length, window), capacity);
                    int piece = sliding.Piece(length, 1000);
                    Assert.InRange(piece, 1, capacity);
                    Assert.Equal(sliding.Dropped(length + 1), sliding.Dropped(length + piece));
                    Assert.NotEqual(sliding.Dropped(length + 1), sliding.Dropped(length + piece + 1));
                }
            }
        }
    }

    /// <summary>A prompt, then tokens one at a time.</summary>
    private static int[][] Then(int[] prompt, int tokens) => [prompt, .. Enumerable.Repeat(Array.ConvertAll(prompt, _ => 1), tokens)];

    private static void Near(float[][] expected, float[][] actual)
    {
        for (int row = 0; row < expected.Length; row++) Difference.Near(expected[row], actual[row], Tolerance);
    }

    private sealed class Case
    {
        public Case(int seed, int rows, int more)
        {
            Random random = new(seed);
            int window = random.Next(1, 50);
            Capacity = window + random.Next(seed % 4 == 0 ? 1 : 0, 60);
            int[] lengths = [.. Enumerable.Range(0, rows).Select(_ => random.Next(1, 150) + more)];
            Input = new AttentionInput(seed, 4, 2, 16, lengths)
            {
                Window = window,
                RotarySize = random.Next(2) * 16,
                Softcap = random.Next(2) * 3,
                Sinks = random.Next(2) == 0 ? [0.5f, -1, 0, 2] : null,
            };
        }

        private Case(AttentionInput input, int capacity) => (Input, Capacity) = (input, capacity);

        public AttentionInput Input { get; }

        public int Capacity { get; }

        public Case Alone(int row) => new(Input.Rows(row), Capacity);

        public float[][] Play(bool kernels, int[][] steps, bool inPlace = true)
        {
            using AttentionModel model = new(Input, Capacity, kernels, slides: true, inPlace);
            if (kernels) Assert.True(model.Report.Attends);
            return model.Play(steps);
        }

        public IEnumerable<int[]> Pieces(Random random, int most)
        {
            for (int left = Input.Lengths[0]; left > 0;)
            {
                int piece = Math.Min(left, random.Next(1, most + 1));
                left -= piece;
                yield return [piece];
            }
        }
    }
}
