namespace Onnx.Llama.Graph;

/// <summary>The operators that graphs of this project use, as ONNX and ONNX Runtime spell them.</summary>
public static class OpNames
{
    /// <summary>The domain of ONNX Runtime's own operators.</summary>
    public const string Microsoft = "com.microsoft";

    /// <summary>Elementwise sum with broadcasting.</summary>
    public static readonly OperatorName Add = new("", "Add");

    /// <summary>Conversion between element types.</summary>
    public static readonly OperatorName Cast = new("", "Cast");

    /// <summary>Elementwise cosine.</summary>
    public static readonly OperatorName Cos = new("", "Cos");

    /// <summary>Elementwise quotient with broadcasting.</summary>
    public static readonly OperatorName Div = new("", "Div");

    /// <summary>Rows of a table by index.</summary>
    public static readonly OperatorName Gather = new("", "Gather");

    /// <summary>Elementwise greatest of several, with broadcasting.</summary>
    public static readonly OperatorName Max = new("", "Max");

    /// <summary>Elementwise product with broadcasting.</summary>
    public static readonly OperatorName Mul = new("", "Mul");

    /// <summary>Elementwise power with broadcasting.</summary>
    public static readonly OperatorName Pow = new("", "Pow");

    /// <summary>Integers from start to limit.</summary>
    public static readonly OperatorName Range = new("", "Range");

    /// <summary>Sum along axes.</summary>
    public static readonly OperatorName ReduceSum = new("", "ReduceSum");

    /// <summary>The same elements in another shape.</summary>
    public static readonly OperatorName Reshape = new("", "Reshape");

    /// <summary>The lengths of a tensor's dimensions.</summary>
    public static readonly OperatorName Shape = new("", "Shape");

    /// <summary>RMSNorm (arXiv:1910.07467): x / sqrt(mean(x^2) + epsilon) * scale. ONNX Runtime keeps it in ONNX's domain.</summary>
    public static readonly OperatorName SimplifiedLayerNormalization = new("", "SimplifiedLayerNormalization");

    /// <summary>Elementwise sine.</summary>
    public static readonly OperatorName Sin = new("", "Sin");

    /// <summary>A part of a tensor along axes.</summary>
    public static readonly OperatorName Slice = new("", "Slice");

    /// <summary>Elementwise difference with broadcasting.</summary>
    public static readonly OperatorName Sub = new("", "Sub");

    /// <summary>A * B with optional transposition of either.</summary>
    public static readonly OperatorName FusedMatMul = new(Microsoft, "FusedMatMul");

    /// <summary>Rows of a block-quantised table by index, dequantised.</summary>
    public static readonly OperatorName GatherBlockQuantized = new(Microsoft, "GatherBlockQuantized");

    /// <summary>Causal attention over a cache, several query heads per key head (GQA, arXiv:2305.13245), rotation inside on demand.</summary>
    public static readonly OperatorName GroupQueryAttention = new(Microsoft, "GroupQueryAttention");

    /// <summary>A * B with B block-quantised to a few bits.</summary>
    public static readonly OperatorName MatMulNBits = new(Microsoft, "MatMulNBits");

    /// <summary>x * sigmoid(alpha * x); with alpha 1 this is SiLU.</summary>
    public static readonly OperatorName QuickGelu = new(Microsoft, "QuickGelu");

    /// <summary>Rotary position embedding (RoPE, arXiv:2104.09864).</summary>
    public static readonly OperatorName RotaryEmbedding = new(Microsoft, "RotaryEmbedding");

    /// <summary>The sum of two tensors and RMSNorm of that sum.</summary>
    public static readonly OperatorName SkipSimplifiedLayerNormalization = new(Microsoft, "SkipSimplifiedLayerNormalization");
}
