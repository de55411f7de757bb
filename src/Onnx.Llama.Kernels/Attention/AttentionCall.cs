using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Kernels.Attention;

/// <summary>
/// One call of grouped-query attention, float32, as com.microsoft.GroupQueryAttention defines it. Three phases of independent tasks, each begun when
/// the one before has ended: copy, append, attend. A query's output depends on its row and the instruction set alone, bit for bit: not on the other
/// rows, on how the prompt was cut into calls, or on the threads.
/// </summary>
internal unsafe struct AttentionCall
{
    /// <summary>Vectors in a task of the append phase: less is not worth waking a thread.</summary>
    private const int VectorsPerAppend = 64;

    public InstructionSet Form;

    public AttentionShape Shape;

    /// <summary>Threads that share the tasks: decides how finely they are cut.</summary>
    public int Threads;

    /// <summary>float32 [rows, tokens, heads * headSize], or the queries of packed QKV.</summary>
    public float* Query;

    /// <summary>float32 [rows, tokens, kvHeads * headSize], or the keys of packed QKV.</summary>
    public float* NewKeys;

    /// <summary>float32 [rows, tokens, kvHeads * headSize], or the values of packed QKV.</summary>
    public float* NewValues;

    /// <summary>Floats from a token's queries to the next token's.</summary>
    public long QueryStride;

    /// <summary>Floats from a token's keys, and values, to the next token's.</summary>
    public long KeyStride;

    /// <summary>float32 [rows, tokens, heads * headSize]; zeros for padding.</summary>
    public float* Output;

    /// <summary>int32 [rows]: tokens of each row after this call, less one (seqlens_k). -1: the row is empty.</summary>
    public int* LastKeys;

    /// <summary>int32 [rows]: tokens in each row's cache before this call; null: total_sequence_length decides.</summary>
    public int* Past;

    /// <summary>The largest row's tokens after this call (total_sequence_length); equal to the shape's tokens in a first prompt.</summary>
    public int TotalTokens;

    /// <summary>int64 [rows, tokens]: position of each new token; null: its index in the cache.</summary>
    public long* Positions;

    /// <summary>Where the past stands; a null base: in <see cref="Keys"/> already.</summary>
    public KvCache PastKeys;

    /// <summary>Where the past stands; a null base: in <see cref="Values"/> already.</summary>
    public KvCache PastValues;

    public KvCache Keys;

    public KvCache Values;

    public Rotary Rotary;

    public SoftmaxRules Softmax;

    /// <summary>Tasks of the phase that brings the past to where the present is; 0 where they are the same.</summary>
    public readonly int CopyTasks => PastKeys.Base == null || PastKeys.Base == Keys.Base ? 0 : Shape.Rows * Shape.KvHeads;

    /// <summary>Tasks of the phase that adds the new keys, turned to their positions, and values to the cache.</summary>
    public readonly int AppendTasks => (AppendVectors + VectorsPerAppend - 1) / VectorsPerAppend;

    /// <summary>Tasks of the phase that computes the output.</summary>
    public readonly int AttendTasks => new AttentionPlan(Shape, Threads).Tasks;

    private readonly int AppendVectors => Shape.Rows * Shape.Tokens * Shape.KvHeads;

    public readonly void Copy(int task)
    {
        (int row, int head) = Math.DivRem(task, Shape.KvHeads);
        int past = Row(row).Past;
        CacheWriter.Copy(PastKeys.Of(row, head), Keys.Of(row, head), past, Shape.HeadSize);
        CacheWriter.Copy(PastValues.Of(row, head), Values.Of(row, head), past, Shape.HeadSize);
    }

    public readonly void Append(int task)
    {
        int from = task * VectorsPerAppend;
        CacheWriter.Append(in this, from, Math.Min(AppendVectors, from + VectorsPerAppend));
    }

    public readonly void Attend(int task) => AttentionForms.Attend(in this, AttendTask.Of(in this, task));

    /// <summary>Points the queries, keys and values into packed QKV: float32 [rows, tokens, (heads + 2 * kvHeads) * headSize].</summary>
    public void UsePacked(float* packed)
    {
        long queries = (long)Shape.Heads * Shape.HeadSize;
        long keys = (long)Shape.KvHeads * Shape.HeadSize;
        Query = packed;
        NewKeys = packed + queries;
        NewValues = packed + queries + keys;
        QueryStride = KeyStride = queries + (2 * keys);
    }

    /// <summary>Points the queries, keys and values to tensors of their own.</summary>
    public void UseSeparate(float* query, float* keys, float* values)
    {
        Query = query;
        NewKeys = keys;
        NewValues = values;
        QueryStride = (long)Shape.Heads * Shape.HeadSize;
        KeyStride = (long)Shape.KvHeads * Shape.HeadSize;
    }

    /// <summary>Where a row stands.</summary>
    public readonly AttentionRow Row(int row)
    {
        int total = LastKeys[row] + 1;
        int past = total - Shape.Tokens;
        if (Past != null) past = Past[row];
        else if (TotalTokens == Shape.Tokens) past = 0;
        past = Math.Max(0, past);
        return new AttentionRow(past, Math.Clamp(total - past, 0, Shape.Tokens));
    }

    /// <summary>Position of a row's new token.</summary>
    public readonly long Position(int row, int token, int past) => Positions == null ? past + token : Positions[((long)row * Shape.Tokens) + token];
}
