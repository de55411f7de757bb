namespace Onnx.Llama.Graph;

/// <summary>The operators that graphs of this project use, as ONNX and ONNX Runtime spell them.</summary>
public static class OpNames
{
    /// <summary>The domain of ONNX Runtime's own operators.</summary>
    public const string Microsoft = "com.microsoft";

    /// <summary>Elementwise magnitude.</summary>
    public static readonly OperatorName Abs = new("", "Abs");

    /// <summary>Elementwise sum with broadcasting.</summary>
    public static readonly OperatorName Add = new("", "Add");

    /// <summary>Elementwise conjunction with broadcasting.</summary>
    public static readonly OperatorName And = new("", "And");

    /// <summary>Attention of several query heads per key head, with a mask.</summary>
    public static readonly OperatorName Attention = new("", "Attention");

    /// <summary>Conversion between element types.</summary>
    public static readonly OperatorName Cast = new("", "Cast");

    /// <summary>Elementwise bounds.</summary>
    public static readonly OperatorName Clip = new("", "Clip");

    /// <summary>The parts of a tensor along an axis that a condition selects.</summary>
    public static readonly OperatorName Compress = new("", "Compress");

    /// <summary>Tensors one behind the other along an axis.</summary>
    public static readonly OperatorName Concat = new("", "Concat");

    /// <summary>Elementwise cosine.</summary>
    public static readonly OperatorName Cos = new("", "Cos");

    /// <summary>Elementwise quotient with broadcasting.</summary>
    public static readonly OperatorName Div = new("", "Div");

    /// <summary>Elementwise exponential.</summary>
    public static readonly OperatorName Exp = new("", "Exp");

    /// <summary>A tensor repeated along axes of length 1.</summary>
    public static readonly OperatorName Expand = new("", "Expand");

    /// <summary>Rows of a table by index.</summary>
    public static readonly OperatorName Gather = new("", "Gather");

    /// <summary>Elements along an axis by index.</summary>
    public static readonly OperatorName GatherElements = new("", "GatherElements");

    /// <summary>Parts of a tensor by index, batch by batch.</summary>
    public static readonly OperatorName GatherNd = new("", "GatherND");

    /// <summary>Elementwise x * Phi(x) or its approximation by tanh (arXiv:1606.08415).</summary>
    public static readonly OperatorName Gelu = new("", "Gelu");

    /// <summary>Elementwise comparison with broadcasting.</summary>
    public static readonly OperatorName Greater = new("", "Greater");

    /// <summary>LayerNorm (arXiv:1607.06450): (x - mean) / sqrt(variance + epsilon) * scale + bias.</summary>
    public static readonly OperatorName LayerNormalization = new("", "LayerNormalization");

    /// <summary>Elementwise comparison with broadcasting.</summary>
    public static readonly OperatorName LessOrEqual = new("", "LessOrEqual");

    /// <summary>Elementwise natural logarithm.</summary>
    public static readonly OperatorName Log = new("", "Log");

    /// <summary>A vector divided by its length.</summary>
    public static readonly OperatorName LpNormalization = new("", "LpNormalization");

    /// <summary>The product of matrices.</summary>
    public static readonly OperatorName MatMul = new("", "MatMul");

    /// <summary>Elementwise greatest of several, with broadcasting.</summary>
    public static readonly OperatorName Max = new("", "Max");

    /// <summary>Elementwise least of several, with broadcasting.</summary>
    public static readonly OperatorName Min = new("", "Min");

    /// <summary>Elementwise product with broadcasting.</summary>
    public static readonly OperatorName Mul = new("", "Mul");

    /// <summary>Elementwise power with broadcasting.</summary>
    public static readonly OperatorName Pow = new("", "Pow");

    /// <summary>Integers from start to limit.</summary>
    public static readonly OperatorName Range = new("", "Range");

    /// <summary>Greatest along axes.</summary>
    public static readonly OperatorName ReduceMax = new("", "ReduceMax");

    /// <summary>Sum along axes.</summary>
    public static readonly OperatorName ReduceSum = new("", "ReduceSum");

    /// <summary>Elementwise max(x, 0).</summary>
    public static readonly OperatorName Relu = new("", "Relu");

    /// <summary>The same elements in another shape.</summary>
    public static readonly OperatorName Reshape = new("", "Reshape");

    /// <summary>RMSNorm (arXiv:1910.07467): x / sqrt(mean(x^2) + epsilon) * scale.</summary>
    public static readonly OperatorName RmsNormalization = new("", "RMSNormalization");

    /// <summary>A tensor with some elements along an axis replaced, by index.</summary>
    public static readonly OperatorName ScatterElements = new("", "ScatterElements");

    /// <summary>A tensor with some parts replaced, or added to, by index.</summary>
    public static readonly OperatorName ScatterNd = new("", "ScatterND");

    /// <summary>The lengths of a tensor's dimensions.</summary>
    public static readonly OperatorName Shape = new("", "Shape");

    /// <summary>Elementwise 1 / (1 + exp(-x)).</summary>
    public static readonly OperatorName Sigmoid = new("", "Sigmoid");

    /// <summary>RMSNorm (arXiv:1910.07467): x / sqrt(mean(x^2) + epsilon) * scale. ONNX Runtime keeps it in ONNX's domain.</summary>
    public static readonly OperatorName SimplifiedLayerNormalization = new("", "SimplifiedLayerNormalization");

    /// <summary>Elementwise sine.</summary>
    public static readonly OperatorName Sin = new("", "Sin");

    /// <summary>A part of a tensor along axes.</summary>
    public static readonly OperatorName Slice = new("", "Slice");

    /// <summary>exp(x) over its sum along an axis.</summary>
    public static readonly OperatorName Softmax = new("", "Softmax");

    /// <summary>Rotary position embedding (RoPE, arXiv:2104.09864), as ONNX itself has it.</summary>
    public static readonly OperatorName StandardRotaryEmbedding = new("", "RotaryEmbedding");

    /// <summary>Elementwise difference with broadcasting.</summary>
    public static readonly OperatorName Sub = new("", "Sub");

    /// <summary>Elementwise hyperbolic tangent.</summary>
    public static readonly OperatorName Tanh = new("", "Tanh");

    /// <summary>The greatest along an axis, with their indices; of equal ones the first.</summary>
    public static readonly OperatorName TopK = new("", "TopK");

    /// <summary>The same elements with axes in another order.</summary>
    public static readonly OperatorName Transpose = new("", "Transpose");

    /// <summary>The same elements with added axes of length 1.</summary>
    public static readonly OperatorName Unsqueeze = new("", "Unsqueeze");

    /// <summary>Elementwise choice between two, with broadcasting.</summary>
    public static readonly OperatorName Where = new("", "Where");

    /// <summary>A * B with optional transposition of either.</summary>
    public static readonly OperatorName FusedMatMul = new(Microsoft, "FusedMatMul");

    /// <summary>Rows of a block-quantised table by index, dequantised.</summary>
    public static readonly OperatorName GatherBlockQuantized = new(Microsoft, "GatherBlockQuantized");

    /// <summary>Causal attention over a cache, several query heads per key head (GQA, arXiv:2305.13245), rotation inside on demand.</summary>
    public static readonly OperatorName GroupQueryAttention = new(Microsoft, "GroupQueryAttention");

    /// <summary>A * B with B block-quantised to a few bits.</summary>
    public static readonly OperatorName MatMulNBits = new(Microsoft, "MatMulNBits");

    /// <summary>A mixture of experts that computes the chosen ones only (arXiv:1701.06538).</summary>
    public static readonly OperatorName MoE = new(Microsoft, "MoE");

    /// <summary>The same with experts that are block-quantised to a few bits.</summary>
    public static readonly OperatorName QMoE = new(Microsoft, "QMoE");

    /// <summary>x * sigmoid(alpha * x); with alpha 1 this is SiLU.</summary>
    public static readonly OperatorName QuickGelu = new(Microsoft, "QuickGelu");

    /// <summary>Rotary position embedding (RoPE, arXiv:2104.09864).</summary>
    public static readonly OperatorName RotaryEmbedding = new(Microsoft, "RotaryEmbedding");

    /// <summary>The sum of two tensors and LayerNorm of that sum.</summary>
    public static readonly OperatorName SkipLayerNormalization = new(Microsoft, "SkipLayerNormalization");

    /// <summary>The sum of two tensors and RMSNorm of that sum.</summary>
    public static readonly OperatorName SkipSimplifiedLayerNormalization = new(Microsoft, "SkipSimplifiedLayerNormalization");
}
