using System.Runtime.CompilerServices;

namespace Onnx.Llama.Kernels.Attention;

/// <summary>Defines attention: each query alone, one key after the other, with the softmax's sums kept as they go (arXiv:1805.02867).</summary>
internal static unsafe class ScalarAttention
{
    [SkipLocalsInit]
    public static void Run(in AttentionCall call, AttendTask task)
    {
        float* query = stackalloc float[AttentionShape.MaxHeadSize];
        int size = call.Shape.HeadSize;
        AttentionRow row = call.Row(task.Row);
        for (int token = task.FirstToken; token < task.FirstToken + task.Tokens; token++)
        {
            long flat = ((long)task.Row * call.Shape.Tokens) + token;
            for (int head = task.FirstHead; head < task.FirstHead + task.Heads; head++)
            {
                float* output = call.Output + (((flat * call.Shape.Heads) + head) * size);
                new Span<float>(output, size).Clear();
                if (token >= row.New) continue;
                float* source = call.Query + (flat * call.QueryStride) + ((long)head * size);
                call.Rotary.Turn(source, query, size, call.Position(task.Row, token, row.Past));
                Attend(in call, task, head, row.Past + token, query, output);
            }
        }
    }

    private static void Attend(in AttentionCall call, AttendTask task, int head, int index, float* query, float* output)
    {
        int size = call.Shape.HeadSize;
        KvBlocks keys = call.Keys.Of(task.Row, task.KvHead);
        KvBlocks values = call.Values.Of(task.Row, task.KvHead);
        float factor = call.Softmax.Factor(size);
        float largest = call.Softmax.HasSink ? call.Softmax.Sink(head) : float.NegativeInfinity;
        float sum = call.Softmax.HasSink ? 1 : 0;
        for (int key = call.Softmax.FirstKey(index); key <= index; key++)
        {
            float score = Score(query, keys.Token(key, size), size) * factor;
            if (call.Softmax.Softcap > 0) score = call.Softmax.Softcap * MathF.Tanh(score / call.Softmax.Softcap);
            float before = largest;
            largest = MathF.Max(largest, score);
            float rescale = MathF.Exp(before - largest);
            float weight = MathF.Exp(score - largest);
            sum = (sum * rescale) + weight;
            float* value = values.Token(key, size);
            for (int element = 0; element < size; element++) output[element] = (output[element] * rescale) + (weight * value[element]);
        }

        for (int element = 0; element < size; element++) output[element] /= sum;
    }

    private static float Score(float* query, float* key, int size)
    {
        float sum = 0;
        for (int element = 0; element < size; element++) sum += query[element] * key[element];
        return sum;
    }
}
