using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Onnx.Llama.Kernels.Products.Lanes;

namespace Onnx.Llama.Kernels.Dense;

/// <summary>Weights of 8 rows in 256 bits.</summary>
internal static unsafe class DenseWeights256
{
    internal readonly struct Singles : IDenseWeights<Vector256<float>>
    {
        public static int PairBytes => 64;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Read(byte* pair, float factor, out Vector256<float> odd)
        {
            odd = Vector256.Load((float*)pair + Vector256<float>.Count);
            return Vector256.Load((float*)pair);
        }
    }

    internal readonly struct BFloats : IDenseWeights<Vector256<float>>
    {
        public static int PairBytes => 32;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Read(byte* pair, float factor, out Vector256<float> odd)
        {
            Vector256<int> bits = Vector256.Load((int*)pair);
            odd = (bits & Vector256.Create(unchecked((int)0xFFFF0000))).AsSingle();
            return Vector256.ShiftLeft(bits, 16).AsSingle();
        }
    }

    internal readonly struct Halves : IDenseWeights<Vector256<float>>
    {
        /// <summary>From the upper half of 32 bits to a float32's place: 16 less <see cref="HalfBits.Shift"/>.</summary>
        private const int FromUpper = 16 - HalfBits.Shift;

        public static int PairBytes => 32;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Read(byte* pair, float factor, out Vector256<float> odd)
        {
            Vector256<int> bits = Vector256.Load((int*)pair);
            odd = Single(bits) * Vector256.Create(factor);
            return Single(Vector256.ShiftLeft(bits, 16)) * Vector256.Create(factor);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<float> Single(Vector256<int> upper) =>
            (Vector256.ShiftRightArithmetic(upper, FromUpper) & Vector256.Create(HalfBits.Mask)).AsSingle();
    }
}
