using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>Reads the fields of a protobuf message, within its bounds.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes, string file)
{
    public const int Varint = 0;
    public const int Fixed64 = 1;
    public const int Bytes = 2;
    public const int Fixed32 = 5;
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The next field's number and wire type; false at the end.</summary>
    public bool TryReadField(out int field, out int wireType)
    {
        field = wireType = 0;
        if (_rest.IsEmpty) return false;
        ulong tag = ReadVarint();
        field = (int)Math.Min(tag >> 3, int.MaxValue);
        wireType = (int)(tag & 7);
        return field > 0 ? true : throw Malformed("a field has the number 0");
    }

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw Malformed("a number has more than 10 bytes");
    }

    public ReadOnlySpan<byte> ReadBytes() => Take(ReadVarint());

    public string ReadText()
    {
        ReadOnlySpan<byte> text = ReadBytes();
        return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : throw Malformed("a text is not UTF-8");
    }

    public float ReadSingle() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    public void Skip(int wireType)
    {
        _ = wireType switch
        {
            Varint => ReadVarint() > 0,
            Fixed64 => Take(8).IsEmpty,
            Bytes => ReadBytes().IsEmpty,
            Fixed32 => Take(4).IsEmpty,
            _ => throw Malformed($"a field has the unknown wire type {wireType}"),
        };
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length) throw Malformed($"{length} bytes are announced where {_rest.Length} are left");
        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private readonly TokenizerException Malformed(string problem) => new(file, null, $"is not a SentencePiece model: {problem}.");
}
