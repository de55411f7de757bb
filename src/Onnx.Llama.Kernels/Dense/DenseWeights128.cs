using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Onnx.Llama.Kernels.Products.Lanes;

namespace Onnx.Llama.Kernels.Dense;

/// <summary>Weights of 4 rows in 128 bits.</summary>
internal static unsafe class DenseWeights128
{
    internal readonly struct Singles : IDenseWeights<Vector128<float>>
    {
        public static int PairBytes => 32;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<float> Read(byte* pair, float factor, out Vector128<float> odd)
        {
            odd = Vector128.Load((float*)pair + Vector128<float>.Count);
            return Vector128.Load((float*)pair);
        }
    }

    internal readonly struct BFloats : IDenseWeights<Vector128<float>>
    {
        public static int PairBytes => 16;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<float> Read(byte* pair, float factor, out Vector128<float> odd)
        {
            Vector128<int> bits = Vector128.Load((int*)pair);
            odd = (bits & Vector128.Create(unchecked((int)0xFFFF0000))).AsSingle();
            return Vector128.ShiftLeft(bits, 16).AsSingle();
        }
    }

    internal readonly struct Halves : IDenseWeights<Vector128<float>>
    {
        /// <summary>From the upper half of 32 bits to a float32's place: 16 less <see cref="HalfBits.Shift"/>.</summary>
        private const int FromUpper = 16 - HalfBits.Shift;

        public static int PairBytes => 16;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<float> Read(byte* pair, float factor, out Vector128<float> odd)
        {
            Vector128<int> bits = Vector128.Load((int*)pair);
            odd = Single(bits) * Vector128.Create(factor);
            return Single(Vector128.ShiftLeft(bits, 16)) * Vector128.Create(factor);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<float> Single(Vector128<int> upper) =>
            (Vector128.ShiftRightArithmetic(upper, FromUpper) & Vector128.Create(HalfBits.Mask)).AsSingle();
    }
}
