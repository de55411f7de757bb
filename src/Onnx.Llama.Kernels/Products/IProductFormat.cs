namespace Onnx.Llama.Kernels.Products;

/// <summary>What of a format decides which code runs.</summary>
internal interface IProductFormat
{
    public static abstract int Bits { get; }

    public static abstract bool Asymmetric { get; }
}

/// <summary>4 bits, zero point 8.</summary>
internal readonly struct Int4 : IProductFormat
{
    public static int Bits => 4;

    public static bool Asymmetric => false;
}

/// <summary>4 bits with zero points.</summary>
internal readonly struct AsymmetricInt4 : IProductFormat
{
    public static int Bits => 4;

    public static bool Asymmetric => true;
}

/// <summary>8 bits, zero point 128.</summary>
internal readonly struct Int8 : IProductFormat
{
    public static int Bits => 8;

    public static bool Asymmetric => false;
}

/// <summary>8 bits with zero points.</summary>
internal readonly struct AsymmetricInt8 : IProductFormat
{
    public static int Bits => 8;

    public static bool Asymmetric => true;
}
