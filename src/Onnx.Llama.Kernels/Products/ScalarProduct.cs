namespace Onnx.Llama.Kernels.Products;

/// <summary>
/// The form that defines the product: outputs[m, n] is the sum over blocks, in order and each added with one rounding, of float(integer) * (scale * activation
/// scale), where integer is the sum of code * activation code, less zero point * sum of activation codes. Where blocks have zero points of their own, that
/// second part is added on its own, as (scale * zero point) * correction.
/// </summary>
internal static unsafe class ScalarProduct
{
    /// <inheritdoc cref="ProductKernel{TLanes, TVector, TFormat}.Range"/>
    public static void Range(ref ProductCall call, int first, int last)
    {
        int lanes = call.Shape.Lanes;
        float* results = stackalloc float[2 * ActivationTiles.Height * lanes];
        for (int group = first; group < last; group++)
        {
            for (int tile = 0; tile < call.Tiles.Tiles; tile++)
            {
                for (int matrix = 0; matrix < call.Matrices; matrix++)
                {
                    byte* weights = call.Weights + (((group * call.Matrices) + matrix) * call.Shape.GroupBytes);
                    for (int row = 0; row < call.Tiles.RowsOf(tile); row++)
                    {
                        float* into = results + (((matrix * ActivationTiles.Height) + row) * lanes);
                        for (int lane = 0; lane < lanes; lane++) into[lane] = Output(ref call, weights, tile, row, lane);
                    }
                }

                ProductOutput.Write(ref call, group, tile, results, lanes);
            }
        }
    }

    private static float Output(ref ProductCall call, byte* weights, int tile, int row, int lane)
    {
        PackedMatrix shape = call.Shape;
        int height = call.Tiles.HeightOf(tile);
        float sum = 0;
        for (int block = 0; block < shape.PaddedBlocks; block++)
        {
            byte* x = call.Activations + call.Tiles.Offset(tile) + ((long)block * call.Tiles.BlockBytes(height));
            var tail = (float*)(x + ((long)shape.Format.Block * height));
            float scale = Scale(((ushort*)(weights + shape.ScaleOffset(block)))[lane], call.ScaleFactor);
            int integer = Dot(weights + shape.CodeOffset(block), shape, lane, x, row, height);
            if (!shape.Format.Asymmetric) integer += ((int*)tail)[height + row];
            sum = MathF.FusedMultiplyAdd(integer, scale * tail[row], sum);
            if (shape.Format.Asymmetric)
            {
                sum = MathF.FusedMultiplyAdd(scale * MatrixPacker.ZeroPoint(weights, shape, lane, block), tail[height + row], sum);
            }
        }

        return sum;
    }

    private static int Dot(byte* codes, in PackedMatrix shape, int lane, byte* x, int row, int height)
    {
        int sum = 0;
        for (int element = 0; element < shape.Format.Block; element++)
        {
            int run = element / PackedMatrix.Run;
            var activations = (sbyte*)(x + (((run * height) + row) * PackedMatrix.Run));
            sum += MatrixPacker.Code(codes, shape, lane, element) * activations[element % PackedMatrix.Run];
        }

        return sum;
    }

    private static float Scale(ushort bits, float factor) => (float)BitConverter.UInt16BitsToHalf(bits) * MathF.ScaleB(factor, -112);
}
