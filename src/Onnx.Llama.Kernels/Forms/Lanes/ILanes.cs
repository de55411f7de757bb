using System.Runtime.Intrinsics;

namespace Onnx.Llama.Kernels.Forms.Lanes;

/// <summary>
/// The floats of one vector register. A kernel is written once over <c>TLanes</c>, and the compiler makes one of it for each width. Every member
/// has a fixed order of operations, so that a result depends on the width alone.
/// </summary>
/// <typeparam name="TVector">The register.</typeparam>
internal unsafe interface ILanes<TVector>
    where TVector : struct
{
    /// <summary>Floats in a register.</summary>
    public static abstract int Count { get; }

    /// <summary>There are registers for 16 sums and what they are made of.</summary>
    public static abstract bool HasWideTiles { get; }

    public static abstract TVector Load(float* source);

    /// <summary>The first floats, then zeros; nothing is read beyond them.</summary>
    public static abstract TVector LoadFirst(float* source, int count);

    public static abstract void Store(float* target, TVector value);

    /// <summary>Writes the first floats and nothing beyond them.</summary>
    public static abstract void StoreFirst(float* target, int count, TVector value);

    public static abstract TVector Broadcast(float value);

    public static abstract TVector Add(TVector left, TVector right);

    public static abstract TVector Subtract(TVector left, TVector right);

    public static abstract TVector Multiply(TVector left, TVector right);

    public static abstract TVector Divide(TVector left, TVector right);

    /// <summary>left * right + addend, rounded once.</summary>
    public static abstract TVector FusedMultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary>The larger of each pair; which of two zeros, and what of NaN, is the processor's choice.</summary>
    public static abstract TVector Max(TVector left, TVector right);

    public static abstract TVector Abs(TVector value);

    public static abstract TVector Min(TVector left, TVector right);

    /// <summary>The nearest whole numbers.</summary>
    public static abstract TVector Round(TVector value);

    /// <summary>value * 2^exponent, for whole exponents between -250 and 250.</summary>
    public static abstract TVector Scale(TVector value, TVector exponent);

    /// <summary>The first lane.</summary>
    public static abstract float First(TVector value);

    /// <summary>The sum of all lanes.</summary>
    public static abstract float Sum(TVector value);

    /// <summary>The largest lane.</summary>
    public static abstract float Largest(TVector value);

    /// <summary>The sums of four registers, each summed in the same order wherever it stands.</summary>
    public static abstract Vector128<float> SumEach(TVector a, TVector b, TVector c, TVector d);
}
