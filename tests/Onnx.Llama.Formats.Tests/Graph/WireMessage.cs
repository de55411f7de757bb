using System.Text;

namespace Onnx.Llama.Formats.Tests.Graph;

/// <summary>
/// A protocol buffers message read from its bytes by nothing but the wire format (https://protobuf.dev/programming-guides/encoding): fields by number, in their
/// order. It shares no code with the generated classes.
/// </summary>
internal sealed class WireMessage
{
    private readonly List<(int Field, ulong Number, byte[] Bytes)> _fields = [];

    public WireMessage(byte[] bytes)
    {
        for (int at = 0; at < bytes.Length;)
        {
            ulong tag = Varint(bytes, ref at);
            _fields.Add((tag & 7) switch
            {
                0 => ((int)(tag >> 3), Varint(bytes, ref at), []),
                1 => ((int)(tag >> 3), 0, Take(bytes, ref at, 8)),
                2 => ((int)(tag >> 3), 0, Take(bytes, ref at, (int)Varint(bytes, ref at))),
                5 => ((int)(tag >> 3), 0, Take(bytes, ref at, 4)),
                _ => throw new InvalidDataException($"wire type {tag & 7} at byte {at}"),
            });
        }
    }

    /// <summary>The numbers of the fields that occur, ascending.</summary>
    public int[] Fields => [.. _fields.Select(found => found.Field).Distinct().Order()];

    public long Number(int field) => Numbers(field).Single();

    public long[] Numbers(int field) => [.. _fields.Where(found => found.Field == field).Select(found => (long)found.Number)];

    public byte[] Bytes(int field) => _fields.Single(found => found.Field == field).Bytes;

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public string[] Texts(int field) => [.. _fields.Where(found => found.Field == field).Select(found => Encoding.UTF8.GetString(found.Bytes))];

    public WireMessage Message(int field) => new(Bytes(field));

    public WireMessage[] Messages(int field) => [.. _fields.Where(found => found.Field == field).Select(found => new WireMessage(found.Bytes))];

    private static byte[] Take(byte[] bytes, ref int at, int count) => bytes[at..(at += count)];

    private static ulong Varint(byte[] bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }
}
