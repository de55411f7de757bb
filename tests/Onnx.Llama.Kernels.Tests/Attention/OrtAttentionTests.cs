using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Kernels.Tests.Attention;

public sealed class OrtAttentionTests
{
    private const int Decoded = 3;
    private const float Tolerance = 2e-5f;

    public static TheoryData<InstructionSet> All => [.. KernelForms.All];

    [Theory]
    [MemberData(nameof(All))]
    public void Attend_PromptThenTokens_LikeOrt(InstructionSet form)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            AttentionInput input = OrtCase.Of(seed, Decoded);
            using OrtAttention ort = new(input);
            using AttentionReplay ours = new(input, form) { GivesPast = false };
            int[] done = new int[input.Lengths.Length];
            int[] prompt = [.. input.Lengths.Select(length => length - Decoded)];
            foreach (int[] step in new[] { prompt }.Concat(Enumerable.Repeat(Array.ConvertAll(prompt, _ => 1), Decoded)))
            {
                float[] packed = input.Part(done, step, 0);
                for (int row = 0; row < step.Length; row++) done[row] += step[row];
                float[] expected = ort.Step(packed, step.Max(), done);
                ours.Step(step);
                Near(expected, ours, step, done, seed);
            }
        }
    }

    private static void Near(float[] expected, AttentionReplay ours, int[] step, int[] done, int seed)
    {
        int width = expected.Length / (step.Length * step.Max());
        for (int row = 0; row < step.Length; row++)
        {
            ReadOnlySpan<float> theirs = expected.AsSpan(row * step.Max() * width, step[row] * width);
            ReadOnlySpan<float> mine = ours.Row(row).AsSpan((done[row] - step[row]) * width, step[row] * width);
            for (int index = 0; index < theirs.Length; index++)
            {
                int token = done[row] - step[row] + (index / width);
                Assert.True(
                    Math.Abs(theirs[index] - mine[index]) < Tolerance,
                    $"case {seed}, row {row}, token {token}, element {index % width}: {mine[index]}; expected {theirs[index]}");
            }
        }
    }
}
