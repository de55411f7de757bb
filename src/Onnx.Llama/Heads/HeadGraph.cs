using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Onnx.Llama.Runtime;

namespace Onnx.Llama.Heads;

/// <summary>A session over a graph of whole texts: <c>input_ids</c> and <c>attention_mask</c> int64 [rows, positions] give float32 [rows, width].</summary>
internal sealed class HeadGraph : IDisposable
{
    private const string InputIds = "input_ids";
    private const string AttentionMask = "attention_mask";
    private const string PositionIds = "position_ids";

    private readonly GraphSession _owner;
    private readonly InferenceSession _session;
    private readonly string _file;
    private readonly string _output;
    private readonly int _width;
    private readonly string[] _inputs;

    /// <summary>Takes over the session.</summary>
    /// <param name="session">A session over the graph.</param>
    /// <param name="file">The graph's file, for messages.</param>
    /// <param name="output">The name of its output.</param>
    /// <param name="width">Numbers of the output for each text.</param>
    /// <exception cref="ModelException">The graph has other inputs, or no such output.</exception>
    public HeadGraph(GraphSession session, string file, string output, int width)
    {
        (_owner, _session, _file, _output, _width) = (session, session.Session, file, output, width);
        _inputs = _session.InputMetadata.ContainsKey(PositionIds) ? [InputIds, AttentionMask, PositionIds] : [InputIds, AttentionMask];
        CheckInputs();
        CheckOutput();
    }

    /// <summary>Runs texts together; shorter ones are filled up at their ends.</summary>
    /// <param name="texts">At least one text, each of at least one token.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>[texts, width].</returns>
    /// <exception cref="ModelException">ONNX Runtime fails.</exception>
    public float[] Run(IReadOnlyList<ReadOnlyMemory<int>> texts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        OrtValue[] values = Inputs(texts);
        using RunOptions options = new();
        try
        {
            using CancellationTokenRegistration registration = cancellationToken.Register(() => options.Terminate = true);
            using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(options, _inputs, values, [_output]);
            return results[0].GetTensorDataAsSpan<float>().ToArray();
        }
        catch (OnnxRuntimeException fault)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ModelException(
                _file, $"ONNX Runtime cannot run {texts.Count} texts of up to {texts.Max(text => text.Length)} tokens ({fault.Message})", "a result",
                "If memory is short, give fewer or shorter texts at once.", fault);
        }
        finally
        {
            foreach (OrtValue value in values) value.Dispose();
        }
    }

    public void Dispose() => _owner.Dispose();

    private OrtValue[] Inputs(IReadOnlyList<ReadOnlyMemory<int>> texts)
    {
        int positions = texts.Max(text => text.Length);
        long[] ids = new long[checked(texts.Count * positions)];
        long[] mask = new long[ids.Length];
        long[] places = new long[ids.Length];
        for (int row = 0; row < texts.Count; row++)
        {
            ReadOnlySpan<int> text = texts[row].Span;
            for (int i = 0; i < text.Length; i++) ids[(row * positions) + i] = text[i];
            mask.AsSpan(row * positions, text.Length).Fill(1);
            for (int i = 0; i < positions; i++) places[(row * positions) + i] = i;
        }

        long[] shape = [texts.Count, positions];
        long[][] all = [ids, mask, places];
        return [.. all.Take(_inputs.Length).Select(values => OrtValue.CreateTensorValueFromMemory(values, shape))];
    }

    private void CheckInputs()
    {
        foreach (string name in _inputs)
        {
            bool known = _session.InputMetadata.TryGetValue(name, out NodeMetadata? metadata);
            if (!known) throw new ModelException(_file, $"the graph has no input '{name}'", $"it, beside {Names(_session.InputMetadata.Keys)}", "Convert the model again.");
            if (metadata!.IsTensor && metadata.ElementDataType == TensorElementType.Int64) continue;
            throw new ModelException(_file, $"'{name}' is not an int64 tensor", "one", "Convert the model again.");
        }

        string[] others = [.. _session.InputMetadata.Keys.Except(_inputs)];
        if (others.Length > 0) throw new ModelException(_file, $"the graph needs {Names(others)}", $"only {Names(_inputs)}", "This kind of graph is not supported.");
    }

    private void CheckOutput()
    {
        if (!_session.OutputMetadata.TryGetValue(_output, out NodeMetadata? metadata))
        {
            throw new ModelException(_file, $"the graph has no output '{_output}'", $"it among {Names(_session.OutputMetadata.Keys)}", "Convert the model again.");
        }

        if (metadata.IsTensor && metadata.ElementDataType == TensorElementType.Float && metadata.Dimensions is [_, int width] && width == _width) return;
        string found = metadata.IsTensor ? $"{metadata.ElementDataType} [{string.Join(", ", metadata.Dimensions)}]" : metadata.OnnxValueType.ToString();
        throw new ModelException(_file, $"'{_output}' is {found}", $"Float [texts, {_width}], as the manifest's head says", "Convert the model again.");
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
