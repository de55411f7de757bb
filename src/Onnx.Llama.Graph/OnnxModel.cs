using System.Globalization;
using Google.Protobuf;
using Onnx.Llama.Graph.Proto;

namespace Onnx.Llama.Graph;

/// <summary>An ONNX model: a graph with the versions that it needs. Weights may stand in external files.</summary>
public sealed class OnnxModel
{
    internal OnnxModel(ModelProto proto) => Proto = proto;

    /// <summary>The most bytes of a graph's file: protocol buffers end at 2 GiB, .NET's arrays a few bytes before. Weights beyond that must be external.</summary>
    public static long GreatestLength => Array.MaxLength;

    /// <summary>The message itself, for reading and rewriting.</summary>
    public ModelProto Proto { get; }

    /// <summary>The file's bytes, the same for the same model.</summary>
    /// <exception cref="GraphException">They would be more than <see cref="GreatestLength"/>.</exception>
    public byte[] ToBytes() => ToBytes(GreatestLength);

    /// <summary>Reads a model; of its external data only what the graph says of it, which must lie inside the folder and inside the files there.</summary>
    /// <exception cref="GraphException">A file is missing or too short, is not an ONNX model, or the graph points outside its folder.</exception>
    public static OnnxModel Read(string file)
    {
        OnnxModel model = Parse(GraphFile.Read(file), file);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        Dictionary<string, long> lengths = new(StringComparer.Ordinal);
        foreach (TensorProto tensor in GraphTensors.External(model.Proto.Graph))
        {
            ExternalReference reference = ExternalReference.Of(tensor, file);
            if (!lengths.TryGetValue(reference.Location, out long length))
            {
                length = DataLength(Path.Combine(folder, reference.Location), ExternalReference.Subject(tensor, file));
                lengths.Add(reference.Location, length);
            }

            reference.CheckRange(tensor, file, length);
        }

        return model;
    }

    /// <summary>Reads a model from memory, without a look at its external data; <paramref name="file"/> stands in messages only.</summary>
    /// <exception cref="GraphException">It is not an ONNX model, or what it says of external data cannot be.</exception>
    public static OnnxModel Parse(ReadOnlySpan<byte> bytes, string file)
    {
        ModelProto proto;
        try
        {
            proto = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new GraphException(file, $"is not an ONNX model: {fault.Message}", fault);
        }

        if (proto.Graph is null) throw new GraphException(file, "holds no graph; expected an ONNX model.");
        foreach (TensorProto tensor in GraphTensors.External(proto.Graph)) ExternalReference.Of(tensor, file);
        return new OnnxModel(proto);
    }

    /// <summary>The bytes, if there are no more than <paramref name="limit"/>.</summary>
    internal byte[] ToBytes(long limit)
    {
        // CalculateSize counts in 32 bits. Only the tensors' raw bytes can exceed them by much, so these are counted first.
        long raw = GraphTensors.All(Proto.Graph).Sum(tensor => (long)tensor.RawData.Length);
        if (raw > limit) throw TooLong(Proto.Graph.Name, raw, limit);
        long size = unchecked((uint)Proto.CalculateSize());
        return size <= limit ? Proto.ToByteArray() : throw TooLong(Proto.Graph.Name, size, limit);
    }

    internal static GraphException TooLong(string subject, long length, long limit) => new(
        subject, string.Create(CultureInfo.InvariantCulture, $"has {length} bytes; a graph's file ends at {limit}. Put large tensors into external data."));

    private static long DataLength(string path, string subject)
    {
        try
        {
            return GraphFile.Length(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new GraphException(subject, $"its data cannot be read: {fault.Message} Expected {path} beside the graph.", fault);
        }
    }
}
