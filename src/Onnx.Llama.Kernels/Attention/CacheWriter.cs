using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Attention;

/// <summary>Writes keys and values into the cache. Moving data has one form; turning keys has one for each register.</summary>
internal static unsafe class CacheWriter
{
    /// <summary>Copies a row's and head's first tokens.</summary>
    public static void Copy(KvBlocks source, KvBlocks target, int tokens, int headSize)
    {
        for (int token = 0; token < tokens; token += KvBlocks.KeyBlock)
        {
            int count = Math.Min(KvBlocks.KeyBlock, tokens - token);
            int block = token / KvBlocks.KeyBlock;
            Unsafe.CopyBlockUnaligned(target.Block(block), source.Block(block), (uint)(count * headSize * sizeof(float)));
        }
    }

    /// <summary>Appends vectors of a call, counted over [rows, tokens, kvHeads].</summary>
    public static void Append(in AttentionCall call, int from, int to)
    {
        for (int index = from; index < to; index++)
        {
            (int flat, int head) = Math.DivRem(index, call.Shape.KvHeads);
            (int row, int token) = Math.DivRem(flat, call.Shape.Tokens);
            AttentionRow state = call.Row(row);
            if (token < state.New) Append(in call, flat, head, row, token, state.Past);
        }
    }

    private static void Append(in AttentionCall call, int flat, int head, int row, int token, int past)
    {
        int size = call.Shape.HeadSize;
        long source = (flat * call.KeyStride) + ((long)head * size);
        float* key = call.Keys.Of(row, head).Token(past + token, size);
        float* value = call.Values.Of(row, head).Token(past + token, size);
        Turn(call.Form, in call.Rotary, call.NewKeys + source, key, size, call.Position(row, token, past));
        Unsafe.CopyBlockUnaligned(value, call.NewValues + source, (uint)(size * sizeof(float)));
    }

    private static void Turn(InstructionSet form, in Rotary rotary, float* source, float* target, int size, long position)
    {
        switch (form)
        {
            case InstructionSet.Scalar:
                rotary.Turn(source, target, size, position);
                break;
            case InstructionSet.Arm:
                rotary.Turn<Lanes128, Vector128<float>>(source, target, size, position);
                break;
            case InstructionSet.Avx512 when Vector512.IsHardwareAccelerated:
                rotary.Turn<Lanes512, Vector512<float>>(source, target, size, position);
                break;
            default:
                rotary.Turn<Lanes256, Vector256<float>>(source, target, size, position);
                break;
        }
    }
}
