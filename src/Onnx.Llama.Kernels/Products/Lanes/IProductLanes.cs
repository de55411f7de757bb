namespace Onnx.Llama.Kernels.Products.Lanes;

/// <summary>
/// What a product needs of an instruction set's vectors. One type stands for a vector of bytes, of 16 or 32 bit integers and of floats: lane r belongs to row
/// r of a group of rows.
/// </summary>
/// <typeparam name="TVector">Vector128, Vector256 or Vector512 of bytes.</typeparam>
internal unsafe interface IProductLanes<TVector>
    where TVector : struct
{
    /// <summary>How many rows: 32-bit lanes.</summary>
    public static abstract int Count { get; }

    /// <summary>Whether <see cref="MultiplyAdd"/> takes any byte as weight; else only up to 15, of which its 16-bit sums hold 32 products with bytes up to 127.</summary>
    public static abstract bool TakesBytes { get; }

    /// <summary>Whether there are 32 vector registers.</summary>
    public static abstract bool HasManyRegisters { get; }

    public static abstract TVector Zero { get; }

    /// <summary>Four bytes of each row.</summary>
    public static abstract TVector Line(byte* line);

    /// <summary>Four activations, for all rows.</summary>
    public static abstract TVector Quad(sbyte* activations);

    public static abstract TVector LowNibbles(TVector line);

    public static abstract TVector HighNibbles(TVector line);

    /// <summary>Adds the products of unsigned weights and signed activations to running sums, whose form is the lanes' own.</summary>
    public static abstract TVector MultiplyAdd(TVector sums, TVector weights, TVector quad);

    /// <summary>Running sums as one int32 a row.</summary>
    public static abstract TVector Join(TVector sums);

    /// <summary>Running sums of low and high nibbles as low + 16 * high, int32.</summary>
    public static abstract TVector JoinNibbles(TVector low, TVector high);

    public static abstract TVector Integers(int value);

    public static abstract TVector AddIntegers(TVector left, TVector right);

    /// <summary>A float16 of each row, as <see cref="ScaleRange"/> packs it, as float32.</summary>
    public static abstract TVector Scales(byte* scales, float factor);

    /// <summary>A byte of each row times a float of each row.</summary>
    public static abstract TVector TimesBytes(TVector floats, byte* bytes);

    /// <summary>float(integers) * (scales * activationScale) + sums, rounded once.</summary>
    public static abstract TVector Accumulate(TVector integers, TVector scales, float activationScale, TVector sums);

    /// <summary>floats * value + sums, rounded once.</summary>
    public static abstract TVector MultiplyAddFloats(TVector floats, float value, TVector sums);

    public static abstract void Store(TVector floats, float* to);

    /// <summary>Asks for a line of memory that will be read soon.</summary>
    public static abstract void Prefetch(byte* address);
}
