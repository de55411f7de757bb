namespace Onnx.Llama.Templates.Builtins;

/// <summary>A stable sort that stands any order, also one that contradicts itself (NaN), and lets exceptions through.</summary>
internal static class MergeSort
{
    public static T[] Sort<T>(T[] items, Func<T, T, bool> isLess)
    {
        T[] from = items, to = new T[items.Length];
        for (long width = 1; width < items.Length; width *= 2)
        {
            for (long start = 0; start < items.Length; start += 2 * width)
            {
                Merge(from, to, (int)start, (int)Math.Min(start + width, items.Length), (int)Math.Min(start + (2 * width), items.Length), isLess);
            }

            (from, to) = (to, from);
        }

        return from;
    }

    private static void Merge<T>(T[] from, T[] to, int start, int middle, int end, Func<T, T, bool> isLess)
    {
        int left = start, right = middle;
        for (int at = start; at < end; at++)
        {
            bool takesRight = left == middle || (right < end && isLess(from[right], from[left]));
            to[at] = takesRight ? from[right++] : from[left++];
        }
    }
}
