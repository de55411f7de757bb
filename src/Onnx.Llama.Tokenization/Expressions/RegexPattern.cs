using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Onnx.Llama.Tokenization.Models;
using Onnx.Llama.Tokenization.PreTokenizers;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.Expressions;

/// <summary>
/// An expression of tokenizer.json, run as a .NET regex after an exact translation. One that needs no assertions runs in linear time; one that does has a limit
/// on its time, which those in use stay far below.
/// </summary>
internal sealed class RegexPattern : SplitPattern
{
    private static readonly TimeSpan s_matchLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan s_limitPerMegachar = TimeSpan.FromSeconds(2);
    private readonly string _expression;
    private readonly string _file;
    private readonly string _key;
    private readonly ExpressionAlphabet _alphabet;
    private readonly Regex _regex;

    private RegexPattern(string expression, string file, string key)
    {
        (_expression, _file, _key) = (expression, file, key);
        try
        {
            (string translated, _alphabet, bool needsBacktracking) = ExpressionTranslator.Translate(expression);
            _regex = Compile(translated, needsBacktracking);
        }
        catch (ExpressionException e)
        {
            throw new TokenizerException(
                file, key, string.Create(CultureInfo.InvariantCulture, $"the expression '{Shown}' cannot be used: {e.Message} (at character {e.Position})."), e);
        }
        catch (RegexParseException e)
        {
            throw new TokenizerException(file, key, $"the expression '{Shown}' cannot be used: {e.Message}", e);
        }
    }

    private string Shown => _expression.Length > 200 ? _expression[..200] + "…" : _expression;

    /// <summary>The pattern of an expression: written out by hand for those that most models share.</summary>
    public static SplitPattern Create(string expression, string file, string key) =>
        (SplitPattern?)WordPatterns.Find(expression) ?? new RegexPattern(expression, file, key);

    /// <summary>The pattern of an expression, run as a regex whatever it is.</summary>
    public static RegexPattern CreateRegex(string expression, string file, string key) => new(expression, file, key);

    public override void Split(ReadOnlySpan<char> text, List<SplitSegment> segments)
    {
        char[] letters = Scratch<char>.Rent(text.Length);
        int[] offsets = Scratch<int>.Rent(text.Length + 1);
        try
        {
            int count = _alphabet.Rewrite(text, letters, offsets);
            Split(letters.AsSpan(0, count), offsets, text.Length, segments);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw TooSlow(e);
        }
        finally
        {
            Scratch<char>.Return(letters);
            Scratch<int>.Return(offsets);
        }
    }

    private void Split(ReadOnlySpan<char> letters, int[] offsets, int length, List<SplitSegment> segments)
    {
        int end = 0;
        long started = Stopwatch.GetTimestamp();
        TimeSpan limit = s_limit + s_limitPerMegachar * (length / 1e6);
        foreach (ValueMatch match in _regex.EnumerateMatches(letters))
        {
            int start = offsets[match.Index];

            // An empty match right behind another one does not count.
            if (match.Length == 0 && start == end && segments.Count > 0 && segments[^1] is { IsMatch: true }) continue;
            AddMatch(segments, ref end, start, offsets[match.Index + match.Length]);
            if ((segments.Count & 0xFF) == 0 && Stopwatch.GetElapsedTime(started) > limit) throw TooSlow(null);
        }

        AddRest(segments, end, length);
    }

    private TokenizerException TooSlow(Exception? inner) =>
        new(_file, _key, $"the expression '{Shown}' takes too long on this text; expected one that needs linear time.", inner);

    private static Regex Compile(string expression, bool needsBacktracking)
    {
        if (!needsBacktracking)
        {
            try
            {
                return new Regex(expression, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, s_matchLimit);
            }
            catch (NotSupportedException)
            {
                // Too large without backtracking.
            }
        }

        return new Regex(expression, RegexOptions.CultureInvariant | RegexOptions.Compiled, s_matchLimit);
    }
}
