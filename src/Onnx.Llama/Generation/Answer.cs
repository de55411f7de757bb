namespace Onnx.Llama.Generation;

/// <summary>An answer as it grows: its text, and whether and why it is at its end.</summary>
internal sealed class Answer(GenerationRequest request, int contextLength)
{
    private readonly StopFilter _filter = new(request.Stop);
    private readonly int _prompt = request.Slot.Length + request.Tokens.Length;
    private readonly int _cached = request.Slot.CachedLength;
    private int _generated;

    /// <summary>Takes the next token.</summary>
    public TextDelta Take(int token)
    {
        _generated++;
        bool ends = request.EndIds.Contains(token);
        string text = ends ? "" : _filter.Push(request.Text.Push(token));
        FinishReason? finish = Finish(ends);
        if (finish is not (null or FinishReason.StopString)) (text, finish) = Close(text, finish);
        return new TextDelta(text, token, finish, new TokenUsage(_prompt, _cached, _generated));
    }

    private FinishReason? Finish(bool ends)
    {
        if (ends) return FinishReason.EndToken;
        if (_filter.Stopped) return FinishReason.StopString;
        if (_generated >= request.MaxTokens) return FinishReason.MaxTokens;
        return request.Slot.Length >= contextLength ? FinishReason.ContextFull : null;
    }

    /// <summary>Adds the text still held back, which may complete a stop string after all.</summary>
    private (string Text, FinishReason? Finish) Close(string text, FinishReason? finish)
    {
        text += _filter.Push(request.Text.Flush());
        return _filter.Stopped ? (text, FinishReason.StopString) : (text + _filter.Flush(), finish);
    }
}
