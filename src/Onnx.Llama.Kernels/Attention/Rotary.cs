using System.Runtime.CompilerServices;
using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Attention;

/// <summary>Rotary position embedding (arXiv:2104.09864) from tables; all zero: none.</summary>
internal unsafe struct Rotary
{
    /// <summary>float32 [positions, Size / 2].</summary>
    public float* Cos;

    /// <summary>float32 [positions, Size / 2].</summary>
    public float* Sin;

    /// <summary>Floats of a head that turn, from its start; even. 0: none.</summary>
    public int Size;

    /// <summary>Pairs are neighbours; otherwise an element's partner is half of <see cref="Size"/> away.</summary>
    public bool Interleaved;

    /// <summary>Writes a head turned to its position. Source and target do not overlap.</summary>
    /// <param name="source">float32 [headSize].</param>
    /// <param name="target">float32 [headSize].</param>
    /// <param name="headSize">Floats of the head.</param>
    /// <param name="position">Position of its token, from 0.</param>
    public readonly void Turn(float* source, float* target, int headSize, long position)
    {
        if (Interleaved) TurnNeighbours(source, target, position);
        else TurnHalves(source, target, position, 0);
        Unsafe.CopyBlockUnaligned(target + Size, source + Size, (uint)((headSize - Size) * sizeof(float)));
    }

    /// <summary>The same, with vectors.</summary>
    public readonly void Turn<TLanes, TVector>(float* source, float* target, int headSize, long position)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        if (Interleaved || Size == 0)
        {
            Turn(source, target, headSize, position);
            return;
        }

        int half = Size / 2;
        float* cos = Cos + (position * half);
        float* sin = Sin + (position * half);
        int index = 0;
        for (; index + TLanes.Count <= half; index += TLanes.Count)
        {
            TVector c = TLanes.Load(cos + index), s = TLanes.Load(sin + index);
            TVector left = TLanes.Load(source + index), right = TLanes.Load(source + half + index);
            TLanes.Store(target + index, TLanes.Subtract(TLanes.Multiply(left, c), TLanes.Multiply(right, s)));
            TLanes.Store(target + half + index, TLanes.Add(TLanes.Multiply(right, c), TLanes.Multiply(left, s)));
        }

        TurnHalves(source, target, position, index);
        Unsafe.CopyBlockUnaligned(target + Size, source + Size, (uint)((headSize - Size) * sizeof(float)));
    }

    private readonly void TurnHalves(float* source, float* target, long position, int from)
    {
        int half = Size / 2;
        float* cos = Cos + (position * half);
        float* sin = Sin + (position * half);
        for (int index = from; index < half; index++)
        {
            float left = source[index], right = source[half + index];
            target[index] = (left * cos[index]) - (right * sin[index]);
            target[half + index] = (right * cos[index]) + (left * sin[index]);
        }
    }

    private readonly void TurnNeighbours(float* source, float* target, long position)
    {
        int half = Size / 2;
        float* cos = Cos + (position * half);
        float* sin = Sin + (position * half);
        for (int pair = 0; pair < half; pair++)
        {
            float left = source[2 * pair], right = source[(2 * pair) + 1];
            target[2 * pair] = (left * cos[pair]) - (right * sin[pair]);
            target[(2 * pair) + 1] = (right * cos[pair]) + (left * sin[pair]);
        }
    }
}
