using System.Buffers;

namespace Onnx.Llama.Tokenization.Models;

/// <summary>Arrays for the length of a call: from the pool, but exact ones where the pool would round many megabytes up and keep them.</summary>
internal static class Scratch<T>
{
    private const int MaximumPooled = 1 << 20;

    public static T[] Rent(int length) => length <= MaximumPooled ? ArrayPool<T>.Shared.Rent(length) : GC.AllocateUninitializedArray<T>(length);

    public static void Return(T[]? array)
    {
        if (array is not null && array.Length <= MaximumPooled) ArrayPool<T>.Shared.Return(array);
    }
}
