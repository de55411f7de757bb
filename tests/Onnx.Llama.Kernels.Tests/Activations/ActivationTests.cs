using System.Runtime.Intrinsics;
using Onnx.Llama.Kernels.Activations;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Tests.Activations;

public sealed unsafe class ActivationTests
{
    private static readonly float[] s_inputs =
        [0, -0f, 1e-30f, -1e-30f, 1e-4f, 200, -200, 1e10f, -1e10f, .. Enumerable.Range(-12000, 24001).Select(index => index / 1000f)];

    public static TheoryData<InstructionSet> All => [.. KernelForms.All];

    [Theory]
    [MemberData(nameof(All))]
    public void Silu_AllRanges_MatchesFloat64(InstructionSet form) => Check<Silu>(form, x => x / (1 + Math.Exp(-x)));

    [Theory]
    [MemberData(nameof(All))]
    public void GeluTanh_AllRanges_MatchesFloat64(InstructionSet form) =>
        Check<GeluTanh>(form, x => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))));

    [Theory]
    [MemberData(nameof(All))]
    public void GeluErf_AllRanges_MatchesFloat64(InstructionSet form) => Check<GeluErf>(form, x => x * Phi(x));

    [Theory]
    [MemberData(nameof(All))]
    public void ReluSquared_AllRanges_MatchesFloat64(InstructionSet form) => Check<ReluSquared>(form, x => x > 0 ? x * x : 0);

    [Theory]
    [MemberData(nameof(All))]
    public void Exp_AllRanges_MatchesFloat64(InstructionSet form)
    {
        if (form == InstructionSet.Scalar) return;
        foreach (float x in (float[])[0, -0f, .. Enumerable.Range(-8700, 17500).Select(index => index / 100f)])
        {
            float actual = Run(form, x, default(Exponential));
            Assert.True(Math.Abs(actual - Math.Exp(x)) <= 2.5e-7 * Math.Exp(x), $"exp({x}) = {actual}; expected {Math.Exp(x)}");
        }

        Assert.Equal(1, Run(form, 0, default(Exponential)));
        Assert.Equal(0, Run(form, float.NegativeInfinity, default(Exponential)));
        Assert.Equal(0, Run(form, float.MinValue, default(Exponential)));
        Assert.Equal(float.PositiveInfinity, Run(form, 90, default(Exponential)));
        Assert.True(float.IsNaN(Run(form, float.NaN, default(Exponential))));
    }

    private static void Check<TActivation>(InstructionSet form, Func<double, double> expected)
        where TActivation : struct, IActivation
    {
        foreach (float x in s_inputs)
        {
            double exact = expected(x);
            float actual = form == InstructionSet.Scalar ? TActivation.Apply(x) : Run(form, x, default(TActivation));
            Assert.True(Math.Abs(actual - exact) <= 1e-6 * Math.Max(1, Math.Abs(exact)), $"f({x}) = {actual}; expected {exact}");
        }
    }

    private static float Run<TActivation>(InstructionSet form, float x, TActivation _)
        where TActivation : struct, IActivation => form switch
        {
            InstructionSet.Arm => Last<Lanes128, Vector128<float>, TActivation>(x),
            InstructionSet.Avx512 => Last<Lanes512, Vector512<float>, TActivation>(x),
            _ => Last<Lanes256, Vector256<float>, TActivation>(x),
        };

    private static float Last<TLanes, TVector, TActivation>(float x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where TActivation : struct, IActivation
    {
        float* lanes = stackalloc float[TLanes.Count];
        TLanes.Store(lanes, TActivation.Apply<TLanes, TVector>(TLanes.Broadcast(x)));
        return lanes[TLanes.Count - 1];
    }

    /// <summary>The normal distribution: its series near 0, its continued fraction in the tails.</summary>
    private static double Phi(double x)
    {
        double density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        double size = Math.Abs(x);
        if (size > 4)
        {
            double fraction = size;
            for (int term = 100; term > 0; term--) fraction = size + (term / fraction);
            return x > 0 ? 1 - (density / fraction) : density / fraction;
        }

        double part = x, sum = x;
        for (int term = 1; term < 100; term++)
        {
            part *= x * x / ((2 * term) + 1);
            sum += part;
        }

        return 0.5 + (density * sum);
    }

    private readonly struct Exponential : IActivation
    {
        public static float Apply(float x) => MathF.Exp(x);

        public static TVector Apply<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => LaneMath.Exp<TLanes, TVector>(x);
    }
}
