using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Onnx.Llama.Decoding;

/// <summary>
/// A run of a bank's rows bound to the graph: keys and values once, the rest when its address or shape changes. From one decoded token to the next
/// that is the mask alone; everything else is changed in place. On a device ids, mask and positions are bound each time.
/// </summary>
internal sealed class RowBinding : IDisposable
{
    private readonly DecoderGraph _graph;
    private readonly int _rows;
    private readonly OrtIoBinding _binding;
    private (nint Address, int Columns) _ids, _positions, _mask, _logits;
    private bool _hasLogitsFrom;

    public RowBinding(DecoderGraph graph, KvBank bank, int first, int count)
    {
        _graph = graph;
        _rows = count;
        _binding = graph.Session.CreateIoBinding();
        bank.BindRows(_binding, first, count);
    }

    /// <summary>Runs the graph over these rows.</summary>
    /// <param name="inputs">Ids, mask and positions, filled in.</param>
    /// <param name="newTokens">New tokens per row.</param>
    /// <param name="total">Columns of the mask.</param>
    /// <param name="logits">Where the logits go.</param>
    /// <param name="firstRow">The row of <paramref name="logits"/> that is written first.</param>
    /// <param name="positions">Positions per row that give logits.</param>
    public void Run(StepInputs inputs, int newTokens, int total, LogitBuffer logits, int firstRow, int positions)
    {
        BindInput(_graph.InputIds, inputs.Ids, ref _ids, newTokens);
        BindInput(_graph.AttentionMask, inputs.Mask, ref _mask, total);
        if (_graph.PositionIds is { } name) BindInput(name, inputs.Positions, ref _positions, newTokens);
        BindLogitsFrom(inputs);
        BindLogits(logits, firstRow, positions);
        inputs.Run(_graph.Session, _binding);
        if (!_graph.Memory.IsHost) _binding.SynchronizeBoundOutputs();
    }

    public void Dispose() => _binding.Dispose();

    private void BindInput(string name, HostBuffer buffer, ref (nint Address, int Columns) bound, int columns)
    {
        if (_graph.Memory.IsHost && bound == (buffer.Address, columns)) return;
        using OrtValue tensor = buffer.Tensor(TensorElementType.Int64, sizeof(long), [_rows, columns]);
        _binding.BindInput(name, tensor);
        bound = (buffer.Address, columns);
    }

    private void BindLogitsFrom(StepInputs inputs)
    {
        if ((_hasLogitsFrom && _graph.Memory.IsHost) || _graph.LogitsFrom is not { } name) return;
        using OrtValue tensor = inputs.LogitsFrom.Tensor(TensorElementType.Int64, sizeof(long), [1]);
        _binding.BindInput(name, tensor);
        _hasLogitsFrom = true;
    }

    private void BindLogits(LogitBuffer logits, int firstRow, int positions)
    {
        (nint, int) wanted = (logits.Address(firstRow), positions);
        if (_logits == wanted) return;
        using OrtValue tensor = logits.Tensor(_rows, positions, firstRow);
        _binding.BindOutput(_graph.Logits, tensor);
        _logits = wanted;
    }
}
