using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Kernels.Tests.Attention;

public sealed class AttentionTests
{
    private const int Cases = 15;

    public static TheoryData<InstructionSet> All => [.. KernelForms.All];

    public static TheoryData<InstructionSet> Vectors => [.. KernelForms.Vectors];

    [Theory]
    [MemberData(nameof(All))]
    public void Attend_RandomCases_MatchFloat64(InstructionSet form)
    {
        for (int seed = 0; seed < Cases; seed++)
        {
            AttentionInput input = AttentionInput.Random(seed);
            Near(PlainAttention.Run(input), AttentionReplay.Run(input, form), seed);
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Attend_RandomCases_MatchTheScalarForm(InstructionSet form)
    {
        for (int seed = Cases; seed < 5 * Cases; seed++)
        {
            AttentionInput input = AttentionInput.Random(seed);
            double[][] expected = [.. AttentionReplay.Run(input, InstructionSet.Scalar).Select(row => row.Select(value => (double)value).ToArray())];
            Near(expected, AttentionReplay.Run(input, form), seed);
        }
    }

    [Theory]
    [InlineData(576, 5, 1)]
    [InlineData(256, 8, 4)]
    [InlineData(1024, 3, 1)]
    [InlineData(128, 40, 1)]
    public void Attend_LargeHeads_MatchFloat64(int headSize, int heads, int kvHeads)
    {
        AttentionInput input = new(headSize, heads, kvHeads, headSize, 70) { RotarySize = 64 };
        foreach (InstructionSet form in KernelForms.All) Near(PlainAttention.Run(input), AttentionReplay.Run(input, form), headSize);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Attend_LargeScores_StayFinite(InstructionSet form)
    {
        AttentionInput input = new(3, 2, 1, 16, 50) { Scale = 60 };
        Near(PlainAttention.Run(input), AttentionReplay.Run(input, form), 3, tolerance: 2e-3); // a score of 4000 has an ulp of 2e-4
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Attend_AnyCutCompanyThreadsAndPages_SameBits(InstructionSet form)
    {
        for (int seed = 0; seed < 2 * Cases; seed++)
        {
            AttentionInput input = AttentionInput.Random(seed);
            float[][] whole = AttentionReplay.Run(input, form);
            Random random = new(seed);
            Same(whole, AttentionReplay.Run(input, form, Cut(input, random, 1)), seed);
            Same(whole, AttentionReplay.Run(input, form, Cut(input, random, 50), paged: true, threads: 7), seed);
            Same(whole, AttentionReplay.Run(input, form, Cut(input, random, 9), threads: 1, backwards: true), seed);
            int row = random.Next(input.Lengths.Length);
            Same([whole[row]], AttentionReplay.Run(input.Rows(row), form), seed);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Attend_SeparateTensorsAndBuffers_SameBits(InstructionSet form)
    {
        for (int seed = 0; seed < Cases; seed++)
        {
            AttentionInput input = AttentionInput.Random(seed);
            using AttentionReplay replay = new(input, form, spare: 3) { IsSeparate = true, Copies = true };
            foreach (int[] step in Cut(input, new Random(seed), 30)) replay.Step(step);
            Same(AttentionReplay.Run(input, form), replay.Outputs(), seed);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Attend_AllPhases_AllocateNothing(InstructionSet form)
    {
        AttentionInput input = new(1, 6, 2, 36, 60, 60) { RotarySize = 36, Window = 20, Softcap = 5, Smooth = true };
        using AttentionReplay replay = new(input, form) { Copies = true };
        for (int step = 0; step < 6; step++) replay.Step(10, 10);
        Assert.Equal(0, replay.LeastAllocated);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Attend_OldBlocksDropped_SameBits(InstructionSet form)
    {
        for (int seed = 0; seed < Cases; seed++)
        {
            AttentionInput input = new(seed, 4, 2, 20, 200, 130) { Window = 1 + (seed * 3), RotarySize = 20, Smooth = seed % 2 == 0 };
            using AttentionReplay replay = new(input, form) { DropsOld = true };
            foreach (int[] step in Cut(input, new Random(seed), 30)) replay.Step(step);
            Same(AttentionReplay.Run(input, form), replay.Outputs(), seed);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Attend_ChunksWithoutPastLengths_SameBits(InstructionSet form)
    {
        AttentionInput input = new(1, 6, 2, 32, 130, 130) { RotarySize = 32 };
        using AttentionReplay replay = new(input, form) { GivesPast = false };
        foreach (int tokens in new[] { 64, 1, 33, 1, 31 }) replay.Step(tokens, tokens);
        Same(AttentionReplay.Run(input, form), replay.Outputs(), 1);
    }

    [Fact]
    public void Attend_OtherText_OtherBits()
    {
        AttentionInput input = AttentionInput.Random(1);
        float[][] before = AttentionReplay.Run(input, InstructionSet.Scalar);
        input.Packed[0][0] += 1e-3f;
        Assert.NotEqual(before[0], AttentionReplay.Run(input, InstructionSet.Scalar)[0]);
    }

    /// <summary>Random numbers of new tokens for each row and step, none included; at most as many as told.</summary>
    private static IEnumerable<int[]> Cut(AttentionInput input, Random random, int most)
    {
        int[] left = [.. input.Lengths];
        while (left.Any(tokens => tokens > 0))
        {
            int[] step = [.. left.Select(tokens => Math.Min(tokens, random.Next(most == 1 ? 1 : 0, most + 1)))];
            if (step.All(tokens => tokens == 0)) continue;
            for (int row = 0; row < step.Length; row++) left[row] -= step[row];
            yield return step;
        }
    }

    private static void Near(double[][] expected, float[][] actual, int seed, double tolerance = 2e-5)
    {
        for (int row = 0; row < expected.Length; row++)
        {
            for (int index = 0; index < expected[row].Length; index++)
            {
                double error = Math.Abs(expected[row][index] - actual[row][index]);
                Assert.True(error < tolerance, $"case {seed}, row {row}, element {index}: {actual[row][index]}; expected {expected[row][index]}");
            }
        }
    }

    private static void Same(float[][] expected, float[][] actual, int seed)
    {
        for (int row = 0; row < expected.Length; row++)
        {
            int[] left = [.. expected[row].Select(BitConverter.SingleToInt32Bits)], right = [.. actual[row].Select(BitConverter.SingleToInt32Bits)];
            Assert.True(left.AsSpan().SequenceEqual(right), $"case {seed}, row {row}: bits differ");
        }
    }
}
