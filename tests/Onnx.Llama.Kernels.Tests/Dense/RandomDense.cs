using System.Runtime.InteropServices;
using Onnx.Llama.Kernels.Dense;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Products;

namespace Onnx.Llama.Kernels.Tests.Dense;

/// <summary>A matrix [N, K] of 16 or 32 bits as a model stores it, and its products.</summary>
internal sealed unsafe class RandomDense(DenseType type, int n, int k, byte[] bytes)
{
    public static RandomDense Of(DenseType type, int n, int k, Random random) => new(type, n, k, Bytes(type, Difference.Numbers(random, n * k)));

    public byte[] Stored => bytes;

    public int N => n;

    public int K => k;

    /// <summary>Numbers as a type keeps them.</summary>
    public static byte[] Bytes(DenseType type, float[] values) => type switch
    {
        DenseType.Float32 => MemoryMarshal.AsBytes<float>(values).ToArray(),
        DenseType.Float16 => MemoryMarshal.AsBytes<Half>(Array.ConvertAll(values, value => (Half)value)).ToArray(),
        _ => MemoryMarshal.AsBytes<ushort>(Array.ConvertAll(values, value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16))).ToArray(),
    };

    public float this[int row, int column]
    {
        get
        {
            int i = (row * k) + column;
            return type switch
            {
                DenseType.Float32 => MemoryMarshal.Cast<byte, float>(bytes)[i],
                DenseType.Float16 => (float)MemoryMarshal.Cast<byte, Half>(bytes)[i],
                _ => BitConverter.Int32BitsToSingle(MemoryMarshal.Cast<byte, ushort>(bytes)[i] << 16),
            };
        }
    }

    public NativeBuffer<byte> Pack(int lanes, ScaleRange range, out DenseMatrix shape)
    {
        shape = new DenseMatrix(type, n, k, lanes);
        NativeBuffer<byte> packed = new(shape.Bytes);
        fixed (byte* source = bytes)
        {
            for (int group = 0; group < shape.Groups; group++)
            {
                byte* first = source + ((long)group * lanes * k * shape.ElementBytes);
                DensePacker.PackGroup(first, Math.Min(lanes, n - (group * lanes)), shape, range, packed.Pointer + (group * shape.GroupBytes));
            }
        }

        return packed;
    }

    /// <summary>What the packer chooses for the greatest element.</summary>
    public ScaleRange Range()
    {
        if (type != DenseType.Float16) return new ScaleRange(0);
        float greatest = 0;
        foreach (Half value in MemoryMarshal.Cast<byte, Half>(bytes)) greatest = MathF.Max(greatest, MathF.Abs((float)value));
        return ScaleRange.Of([greatest])!.Value;
    }

    /// <summary>x * W^T, [rows, N], in several parts.</summary>
    public float[] Multiply(InstructionSet form, float[] x)
    {
        ScaleRange range = Range();
        using NativeBuffer<byte> packed = Pack(ProductForms.Lanes(form), range, out DenseMatrix shape);
        float[] y = new float[x.Length / k * n];
        fixed (float* input = x, output = y)
        {
            DenseCall call = new()
            {
                Weights = packed.Pointer,
                Shape = shape,
                Range = range,
                Input = input,
                Rows = x.Length / k,
                Output = output,
                Parts = Math.Min(3, shape.Groups),
                Code = DenseForms.Choose(form, type),
            };
            for (int part = call.Parts - 1; part >= 0; part--) call.Run(part);
        }

        return y;
    }

    /// <summary>The same in float64.</summary>
    public double[] Plain(float[] x)
    {
        double[] y = new double[x.Length / k * n];
        for (int i = 0; i < y.Length; i++)
        {
            for (int column = 0; column < k; column++) y[i] += (double)this[i % n, column] * x[(i / n * k) + column];
        }

        return y;
    }
}
