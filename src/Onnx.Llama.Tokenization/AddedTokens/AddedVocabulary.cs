using System.Text;
using Onnx.Llama.Tokenization.Models;

namespace Onnx.Llama.Tokenization.AddedTokens;

/// <summary>
/// The added tokens and their ids, as Hugging Face's library numbers them: a text that the model's vocabulary has keeps that id; any other gets the next free
/// one behind the vocabulary, in the order of adding. The id that tokenizer.json writes beside it is not read.
/// </summary>
internal sealed class AddedVocabulary(Vocabulary vocabulary)
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<int, AddedToken> _tokens = [];
    private readonly HashSet<string> _special = new(StringComparer.Ordinal);
    private int _maxId = -1;

    /// <summary>Looks in the text as it came.</summary>
    public AddedTokenTrie Raw { get; private set; } = new([]);

    /// <summary>Looks in the normalised text.</summary>
    public AddedTokenTrie Normalized { get; private set; } = new([]);

    /// <summary>The largest id, or -1.</summary>
    public int MaxId => _maxId;

    /// <summary>Adds a token; one that is there already gets the new flags.</summary>
    public void Add(AddedToken token)
    {
        if (token.Content.Length == 0) return;
        int id = IdOf(token.Content) ?? NextId();
        _ids[token.Content] = id;
        _tokens[id] = token;
        _maxId = Math.Max(_maxId, id);
        if (token.Special) _special.Add(token.Content);
    }

    /// <summary>Makes the tries; call after the last <see cref="Add"/>. Tokens that are looked for in the normalised text are normalised too.</summary>
    public void Seal(Func<string, string> normalize)
    {
        IEnumerable<KeyValuePair<int, AddedToken>> inOrder = _tokens.OrderBy(pair => pair.Key);
        Raw = new(inOrder.Where(pair => !pair.Value.Normalized).Select(pair => KeyValuePair.Create(pair.Value.Content, pair.Key)));
        Normalized = new(inOrder.Where(pair => pair.Value.Normalized).Select(pair => KeyValuePair.Create(normalize(pair.Value.Content), pair.Key)));
    }

    public bool Contains(string content) => _ids.ContainsKey(content);

    /// <summary>The id of an added token or of a piece.</summary>
    public int? IdOf(string content)
    {
        if (_ids.TryGetValue(content, out int id)) return id;
        id = vocabulary.Find(content);
        return id < 0 ? null : id;
    }

    public AddedToken? TokenOf(int id) => _tokens.GetValueOrDefault(id);

    /// <summary>The text of an added token or of a piece; null where no token has this id.</summary>
    public string? TextOf(int id)
    {
        if (TokenOf(id) is { } token) return token.Content;
        return vocabulary.Has(id) ? Encoding.UTF8.GetString(vocabulary.PieceOf(id)) : null;
    }

    /// <summary>Whether decoding may leave this token out.</summary>
    public bool IsSpecial(int id) => TokenOf(id) is { } token && _special.Contains(token.Content);

    private int NextId() => _maxId >= vocabulary.Count ? _maxId + 1 : vocabulary.Count;
}
