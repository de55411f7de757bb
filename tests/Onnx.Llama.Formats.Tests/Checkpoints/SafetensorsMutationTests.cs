using Onnx.Llama.Checkpoints;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Formats.Tests.Checkpoints;

/// <summary>Random files: what was written is read back; a damaged file is refused, or read consistently, but nothing else happens.</summary>
public sealed class SafetensorsMutationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_RandomFiles_ReadsBackWhatWasWritten()
    {
        Random random = new(1);
        for (int round = 0; round < 60; round++)
        {
            List<(string Name, DType DType, long[] Shape, byte[] Bytes)> tensors = RandomTensors(random);
            SafetensorsWriter writer = new();
            if (round % 3 == 0) writer.Metadata.Add("format", "pt");
            foreach ((string name, DType dtype, long[] shape, byte[] bytes) in tensors) writer.Add(name, dtype, shape, bytes);
            using Checkpoint checkpoint = Checkpoint.OpenFile(_folder.Write("random.safetensors", writer.ToBytes()));
            Assert.Equal(tensors.Count, checkpoint.Tensors.Length);
            foreach ((string name, DType dtype, long[] shape, byte[] bytes) in tensors)
            {
                TensorInfo tensor = checkpoint[name];
                Assert.Equal((dtype, shape.Aggregate(1L, (a, b) => a * b)), (tensor.DType, tensor.Elements));
                Assert.Equal(shape, tensor.Shape);
                int from = random.Next(bytes.Length + 1);
                byte[] range = new byte[random.Next(bytes.Length - from + 1)];
                checkpoint.Read(tensor, from, range);
                Assert.Equal(bytes[from..(from + range.Length)], range);
            }
        }
    }

    [Fact]
    public void Open_DamagedFiles_AreRefusedOrReadConsistently()
    {
        Random random = new(2);
        int refused = 0, read = 0;
        for (int round = 0; round < 800; round++)
        {
            SafetensorsWriter writer = new();
            foreach ((string name, DType dtype, long[] shape, byte[] bytes) in RandomTensors(random)) writer.Add(name, dtype, shape, bytes);
            string path = _folder.Write("damaged.safetensors", Damage(writer.ToBytes(), random));
            try
            {
                using SafetensorsFile file = SafetensorsFile.Open(path);
                AssertConsistent(file);
                read++;
            }
            catch (CheckpointException)
            {
                refused++;
            }
        }

        Assert.True(refused > 300 && read > 20, $"{refused} refused, {read} read: the damage is not what this test is about");
    }

    private static void AssertConsistent(SafetensorsFile file)
    {
        long covered = file.HeaderLength;
        foreach (TensorInfo tensor in file.Tensors)
        {
            Assert.Equal(covered, tensor.Offset);
            Assert.Equal(tensor.Elements * tensor.DType.Bits(), tensor.ByteLength * 8);
            file.Read(tensor, 0, new byte[tensor.ByteLength]);
            covered += tensor.ByteLength;
        }

        Assert.Equal(new FileInfo(file.Path).Length, covered);
    }

    private static List<(string Name, DType DType, long[] Shape, byte[] Bytes)> RandomTensors(Random random)
    {
        string[] names = ["a", "b.weight", "é", "layers.0.\"q\"", "", "z\n", "𝄞"];
        DType[] dtypes = Enum.GetValues<DType>();
        List<(string, DType, long[], byte[])> tensors = [];
        foreach (string name in names.Where(_ => random.Next(2) == 0))
        {
            DType dtype = dtypes[random.Next(dtypes.Length)];
            long[] shape = [.. Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next(5))];
            if (dtype.Bits() < 8) shape = [.. shape, 4];
            byte[] bytes = new byte[shape.Aggregate(1L, (a, b) => a * b) * dtype.Bits() / 8];
            random.NextBytes(bytes);
            tensors.Add((name, dtype, shape, bytes));
        }

        return tensors;
    }

    // Most of the damage falls on the header: the data has nothing that could be refused.
    private static byte[] Damage(byte[] bytes, Random random)
    {
        int header = 8 + BitConverter.ToInt32(bytes, 0);
        int at = random.Next(8) == 0 ? random.Next(8) : random.Next(header);
        byte[] symbols = "0123456789{}[]\",:-.eE \\u"u8.ToArray();
        switch (random.Next(6))
        {
            case 0: return bytes[..random.Next(bytes.Length)];
            case 1: return [.. bytes, .. new byte[1 + random.Next(9)]];
            case 2: return [.. bytes[..at], .. bytes[(at + 1)..]];
            case 3: return [.. bytes[..at], symbols[random.Next(symbols.Length)], .. bytes[at..]];
            case 4: bytes[at] ^= (byte)(1 << random.Next(8)); return bytes;
            default: bytes[at] = symbols[random.Next(symbols.Length)]; return bytes;
        }
    }
}
