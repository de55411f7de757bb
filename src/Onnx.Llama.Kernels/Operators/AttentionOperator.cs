using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>
/// com.microsoft.GroupQueryAttention in float32, but any number of rows may have a past and several new tokens. Inputs: query float32 [rows, tokens, heads *
/// headSize], or with the keys and values behind it; key and value, optional; past_key and past_value float32 [rows, kvHeads, capacity, headSize]; seqlens_k int32
/// [rows]; total_sequence_length int32 [1]; cos and sin float32 [positions, rotary / 2], optional; head_sink float32 [heads], optional. Outputs: float32
/// [rows, tokens, heads * headSize]; present_key and present_value, which may be the past.
/// </summary>
internal sealed class AttentionOperator : CustomOperator
{
    public const string OperatorName = "Attention";
    public const string Heads = "num_heads";
    public const string KvHeads = "kv_num_heads";
    public const string Scale = "scale";
    public const string SoftCap = "softcap";
    public const string Window = "local_window_size";
    public const string Slides = "sliding_window_cache";
    public const string Interleaved = "rotary_interleaved";
    public const string Smooth = "smooth_softmax";

    public override string Name => OperatorName;

    public override IReadOnlyList<OperatorPort> Inputs { get; } =
    [
        new(PortType.Float), new(PortType.Float, Optional: true), new(PortType.Float, Optional: true), new(PortType.Float), new(PortType.Float),
        new(PortType.Int32), new(PortType.Int32), new(PortType.Float, Optional: true), new(PortType.Float, Optional: true), new(PortType.Float, Optional: true),
    ];

    public override IReadOnlyList<OperatorPort> Outputs { get; } = [new(PortType.Float), new(PortType.Float), new(PortType.Float)];

    public override OperatorKernel Create(KernelInfo info) => new AttentionKernel(AttentionSettings.Read(info));
}
