using Google.Protobuf;
using Onnx.Llama.Graph.Proto;

namespace Onnx.Llama.Graph;

/// <summary>An ONNX model: a graph with the versions that it needs. Weights may stand in external files.</summary>
public sealed class OnnxModel
{
    /// <summary>Protocol buffers end at 2 GiB; weights beyond that must be external.</summary>
    public const long GreatestLength = int.MaxValue;

    internal OnnxModel(ModelProto proto) => Proto = proto;

    /// <summary>The message itself, for reading and rewriting.</summary>
    public ModelProto Proto { get; }

    /// <summary>The file's bytes, the same for the same model.</summary>
    /// <exception cref="GraphException">They would be more than 2 GiB.</exception>
    public byte[] ToBytes()
    {
        // CalculateSize counts in 32 bits, so the part that can be large is counted first.
        long inline = Proto.Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length);
        if (inline > GreatestLength - (64 << 20))
        {
            throw new GraphException(
                Proto.Graph.Name, $"holds {inline} bytes of initializers; protocol buffers end at {GreatestLength}. Put large tensors into external data.");
        }

        return Proto.ToByteArray();
    }

    /// <summary>Reads a model without its external data.</summary>
    /// <exception cref="GraphException">The file is missing, is not an ONNX model, or points outside its folder.</exception>
    public static OnnxModel Read(string file)
    {
        try
        {
            long length = new FileInfo(file).Length;
            if (length > GreatestLength) throw new GraphException(file, $"is {length} bytes; protocol buffers end at {GreatestLength}.");
            return Parse(File.ReadAllBytes(file), file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new GraphException(file, $"cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Reads a model from memory; <paramref name="file"/> stands in messages only.</summary>
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
        foreach (TensorProto tensor in proto.Graph.Initializer) CheckLocation(tensor, file);
        return new OnnxModel(proto);
    }

    private static void CheckLocation(TensorProto tensor, string file)
    {
        if (tensor.DataLocation != TensorProto.Types.DataLocation.External) return;
        string location = tensor.ExternalData.FirstOrDefault(entry => entry.Key == ExternalKeys.Location)?.Value ?? "";
        if (location.Length == 0 || location.Contains('\\', StringComparison.Ordinal) || Path.IsPathRooted(location) || location.Split('/').Contains(".."))
        {
            throw new GraphException(file, $"initializer '{tensor.Name}' lies in '{location}'; expected a path inside the model's folder.");
        }
    }
}
