using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Onnx.Llama.Kernels.Products.Lanes;

namespace Onnx.Llama.Kernels.Dense;

/// <summary>Weights of 16 rows in 512 bits.</summary>
internal static unsafe class DenseWeights512
{
    internal readonly struct Singles : IDenseWeights<Vector512<float>>
    {
        public static int PairBytes => 128;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Read(byte* pair, float factor, out Vector512<float> odd)
        {
            odd = Vector512.Load((float*)pair + Vector512<float>.Count);
            return Vector512.Load((float*)pair);
        }
    }

    internal readonly struct BFloats : IDenseWeights<Vector512<float>>
    {
        public static int PairBytes => 64;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Read(byte* pair, float factor, out Vector512<float> odd)
        {
            Vector512<int> bits = Vector512.Load((int*)pair);
            odd = (bits & Vector512.Create(unchecked((int)0xFFFF0000))).AsSingle();
            return Vector512.ShiftLeft(bits, 16).AsSingle();
        }
    }

    internal readonly struct Halves : IDenseWeights<Vector512<float>>
    {
        /// <summary>From the upper half of 32 bits to a float32's place: 16 less <see cref="HalfBits.Shift"/>.</summary>
        private const int FromUpper = 16 - HalfBits.Shift;

        public static int PairBytes => 64;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Read(byte* pair, float factor, out Vector512<float> odd)
        {
            Vector512<int> bits = Vector512.Load((int*)pair);
            odd = Single(bits) * Vector512.Create(factor);
            return Single(Vector512.ShiftLeft(bits, 16)) * Vector512.Create(factor);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector512<float> Single(Vector512<int> upper) =>
            (Vector512.ShiftRightArithmetic(upper, FromUpper) & Vector512.Create(HalfBits.Mask)).AsSingle();
    }
}
