using Microsoft.ML.OnnxRuntime;

namespace Onnx.Llama.Decoding;

/// <summary>Keys, or values, of one layer and some sequences: [rows, kvHeads, room, headDim].</summary>
internal abstract class KvBuffer : IDisposable
{
    /// <summary>Binds rows that lie together, as past and present at once.</summary>
    public abstract void Bind(OrtIoBinding binding, string past, string present, int first, int count);

    /// <summary>Copies the first tokens of another buffer's row, whose room may be another one, into a row.</summary>
    public abstract void CopyRow(KvBuffer source, int from, int to, int tokens);

    /// <summary>Exchanges the first tokens of two rows.</summary>
    public abstract void SwapRows(int first, int second, int tokens);

    public abstract void Dispose();
}
