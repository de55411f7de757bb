using System.Globalization;
using System.Text;

namespace Onnx.Llama.Tokenization.Models;

/// <summary>Makes the table of merges from their list: looks up both parts and the piece that they join to. The rank of a merge is its place in the list.</summary>
internal sealed class MergeListBuilder(Vocabulary vocabulary, string file, string key)
{
    private byte[] _product = new byte[256];
    private int _count;
    private int _lastProduct;

    /// <summary>Nearly every piece is the product of one merge.</summary>
    public MergeTable Merges { get; } = new(vocabulary.Count);

    public WordCutter Cutter { get; } = new();

    /// <summary>Adds a merge written as "left right".</summary>
    public void AddLine(ReadOnlySpan<byte> line)
    {
        int space = line.IndexOf((byte)' ');
        if (space < 0 || line[(space + 1)..].Contains((byte)' ')) throw Malformed(line, "expected two pieces with one space between them.");
        Add(line[..space], line[(space + 1)..]);
    }

    /// <summary>Adds a merge of two pieces.</summary>
    public void Add(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int length = left.Length + right.Length;
        if (length > _product.Length) _product = new byte[length * 2];
        left.CopyTo(_product);
        right.CopyTo(_product.AsSpan(left.Length));
        ReadOnlySpan<byte> product = _product.AsSpan(0, length);
        int leftId = IdOf(left), rightId = IdOf(right);
        int productId = vocabulary.FindInOrder(product, ref _lastProduct);
        if (productId < 0) throw NotInVocabulary(product);
        Merges.Add(leftId, rightId, _count++, productId);
        Cutter.Observe(product);
    }

    private int IdOf(ReadOnlySpan<byte> piece)
    {
        int id = vocabulary.Find(piece);
        return id >= 0 ? id : throw NotInVocabulary(piece);
    }

    private TokenizerException NotInVocabulary(ReadOnlySpan<byte> piece) => Malformed(piece, "this piece is not in the vocabulary.");

    private TokenizerException Malformed(ReadOnlySpan<byte> text, string problem)
    {
        string shown = Encoding.UTF8.GetString(text[..Math.Min(text.Length, 80)]);
        return new TokenizerException(file, string.Create(CultureInfo.InvariantCulture, $"{key}[{_count}]"), $"'{shown}': {problem}");
    }
}
