using Onnx.Llama.Tokenization.AddedTokens;
using Onnx.Llama.Tokenization.Models;
using Onnx.Llama.Tokenization.Normalizers;
using Onnx.Llama.Tokenization.PostProcessors;
using Onnx.Llama.Tokenization.PreTokenizers;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization;

/// <summary>
/// From text to ids, stage by stage:
/// <code>
/// text ─ added tokens (raw) ─ normalizers ─ added tokens (normalised) ─ pre-tokenizers ─ BPE ─ post-processor ─ ids
/// </code>
/// </summary>
internal sealed class EncodePipeline(
    AddedVocabulary addedTokens, Normalizer[] normalizers, PreTokenizer[] preTokenizers, BpeModel model, PostProcessor postProcessor)
{
    public AddedVocabulary AddedTokens => addedTokens;

    public BpeModel Model => model;

    /// <summary>Fills the workspace's <see cref="EncodeWorkspace.Tokens"/>.</summary>
    public void Encode(ReadOnlySpan<char> text, bool addSpecialTokens, bool wantsRanges, EncodeWorkspace workspace)
    {
        workspace.Tokens.Reset(wantsRanges);
        int unpaired = Surrogates.IndexOfUnpaired(text);
        if (unpaired >= 0)
        {
            workspace.Source.Load(text, 0, tracksOrigin: false);
            Surrogates.Repair(workspace.Source.Writable, unpaired);
            text = workspace.Source.Span;
        }

        EncodeRaw(text, workspace);
        postProcessor.Apply(workspace.Tokens, addedTokens.TextOf, addSpecialTokens);
    }

    /// <summary>A text after all normalizers.</summary>
    public static string Normalize(string text, Normalizer[] normalizers)
    {
        var workspace = new EncodeWorkspace();
        workspace.Normalized.Load(text, 0, tracksOrigin: false);
        Normalize(normalizers, workspace, tracksOrigin: false);
        return workspace.Normalized.Span.ToString();
    }

    private void EncodeRaw(ReadOnlySpan<char> text, EncodeWorkspace workspace)
    {
        var cursor = new AddedTokenCursor(addedTokens.Raw, addedTokens, text);
        bool found;
        do
        {
            found = cursor.MoveNext(out int id, out TextRange place, out TextRange gap);
            if (gap.Length > 0) EncodeGap(text[gap.Start..gap.End], gap.Start, workspace);
            if (found) workspace.Tokens.Add(id, place);
        }
        while (found);
    }

    private void EncodeGap(ReadOnlySpan<char> text, int origin, EncodeWorkspace workspace)
    {
        bool tracksOrigin = workspace.Tokens.WantsRanges;
        workspace.Normalized.Load(text, origin, tracksOrigin);
        Normalize(normalizers, workspace, tracksOrigin);
        TextBuffer normalized = workspace.Normalized;
        var cursor = new AddedTokenCursor(addedTokens.Normalized, addedTokens, normalized.Span);
        bool found;
        do
        {
            found = cursor.MoveNext(out int id, out TextRange place, out TextRange gap);
            if (gap.Length > 0) EncodePiece(normalized, gap, atStart: origin == 0 && gap.Start == 0, workspace);
            if (found) workspace.Tokens.Add(id, normalized.OriginOf(place.Start, place.End));
        }
        while (found);
    }

    private void EncodePiece(TextBuffer text, TextRange piece, bool atStart, EncodeWorkspace workspace)
    {
        PieceList pieces = workspace.Pieces;
        pieces.Load(text, piece, atStart, workspace.Tokens.WantsRanges);
        foreach (PreTokenizer stage in preTokenizers) stage.Apply(pieces, workspace.Tokens.WantsRanges);
        foreach (TextRange range in pieces.Ranges) model.Encode(pieces.Text, range, workspace.Tokens);
    }

    private static void Normalize(Normalizer[] normalizers, EncodeWorkspace workspace, bool tracksOrigin)
    {
        foreach (Normalizer normalizer in normalizers)
        {
            workspace.Spare.Reset(tracksOrigin);
            if (normalizer.Apply(workspace.Normalized, workspace.Spare))
            {
                (workspace.Normalized, workspace.Spare) = (workspace.Spare, workspace.Normalized);
            }
        }
    }
}
