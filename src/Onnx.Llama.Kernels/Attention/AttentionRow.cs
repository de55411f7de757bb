namespace Onnx.Llama.Kernels.Attention;

/// <summary>Where a row stands: the tokens in its cache before this call, and its new ones. What follows in the input is padding.</summary>
internal readonly record struct AttentionRow(int Past, int New)
{
    /// <summary>Tokens after this call.</summary>
    public int Total => Past + New;
}
