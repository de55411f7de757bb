using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Formats.Tests.Checkpoints;

public sealed partial class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_EveryKindOfTensor_GivesTensorsInTheOrderOfTheirBytes()
    {
        using SafetensorsFile file = Open(
            """
            {
              "b": {"dtype": "BF16", "shape": [2, 3], "data_offsets": [4, 16]},
              "a": {"data_offsets": [0, 4], "shape": [], "dtype": "F32"},
              "none": {"dtype": "I64", "shape": [0, 7], "data_offsets": [4, 4]}
            }
            """, 16);
        Assert.Equal(["a [] F32", "none [0, 7] I64", "b [2, 3] BF16"], file.Tensors.Select(tensor => $"{tensor.Name} {tensor}"));
        Assert.Equal([1, 0, 6], file.Tensors.Select(tensor => tensor.Elements));
        Assert.Equal([4, 0, 12], file.Tensors.Select(tensor => tensor.ByteLength));
        Assert.Equal([0, 4, 4], file.Tensors.Select(tensor => tensor.Offset - file.HeaderLength));
        Assert.Empty(file.Metadata);
    }

    [Fact]
    public void Open_NoTensors_IsValid()
    {
        using SafetensorsFile file = Open("{}", 0);
        Assert.Empty(file.Tensors);
    }

    [Fact]
    public void Open_HeaderPaddedWithSpaces_CountsThemAsHeader()
    {
        using SafetensorsFile file = Open("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}      """, 1);
        Assert.Equal(8 + 59, file.HeaderLength);
        Assert.Equal(8 + 59, Assert.Single(file.Tensors).Offset);
        Assert.Equal(File.ReadAllBytes(file.Path)[..67], file.ReadHeader());
    }

    [Fact]
    public void Open_Metadata_IsGivenAsItIs()
    {
        using SafetensorsFile file = Open("""{"__metadata__":{"format":"pt","é":"\u00e9"}}""", 0);
        Assert.Equal([new("format", "pt"), new("é", "é")], file.Metadata);
    }

    [Fact]
    public void Open_MetadataNull_IsNone()
    {
        using SafetensorsFile file = Open("""{"__metadata__":null}""", 0);
        Assert.Empty(file.Metadata);
    }

    [Fact]
    public void Open_SubByteTypes_CountsBits()
    {
        using SafetensorsFile file = Open(
            """{"a":{"dtype":"F4","shape":[3,2],"data_offsets":[0,3]},"b":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[3,6]}}""", 6);
        Assert.Equal([3, 3], file.Tensors.Select(tensor => tensor.ByteLength));
    }

    [Fact]
    public void Read_AnyRange_FillsTheBuffer()
    {
        string path = _folder["model.safetensors"];
        new SafetensorsWriter().Add("first", DType.U8, [3], [9, 9, 9]).Add("bytes", DType.U8, [5], [10, 11, 12, 13, 14]).Save(path);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        TensorInfo tensor = file.Tensors[1];
        byte[] range = new byte[3];
        file.Read(tensor, 1, range);
        Assert.Equal([11, 12, 13], range);
        file.Read(tensor, 2, range);
        Assert.Equal([12, 13, 14], range);
        file.Read(tensor, 5, []);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(tensor, 3, range));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(tensor, -1, range));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(tensor, long.MaxValue, range));
        Assert.Throws<ArgumentException>(() => file.Read(tensor with { File = "other" }, 0, range));
    }

    [Fact]
    public void Read_TensorBeyondTwoGibibytes_ReadsAcrossTheLimit()
    {
        const long Length = (5L << 30) + 4;
        string path = Write($$$"""{"big":{"dtype":"U8","shape":[{{{Length}}}],"data_offsets":[0,{{{Length}}}]}}""", 0);
        long start = new FileInfo(path).Length;
        using (FileStream stream = File.OpenWrite(path))
        {
            stream.SetLength(start + Length);
            foreach (long position in (long[])[(1L << 31) - 2, (1L << 32) - 2, Length - 4])
            {
                stream.Position = start + position;
                stream.Write([1, 2, 3, 4]);
            }
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal(Length, file.Tensors[0].Elements);
        byte[] range = new byte[8];
        file.Read(file.Tensors[0], (1L << 31) - 4, range);
        Assert.Equal([0, 0, 1, 2, 3, 4, 0, 0], range);
        file.Read(file.Tensors[0], (1L << 32) - 6, range);
        Assert.Equal([0, 0, 0, 0, 1, 2, 3, 4], range);
        file.Read(file.Tensors[0], Length - 8, range);
        Assert.Equal([0, 0, 0, 0, 1, 2, 3, 4], range);
    }

    [Fact]
    public void Read_FileCutShortAfterOpening_NamesTensorAndBothLengths()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "an open file cannot be cut short on Windows");
        string path = _folder["model.safetensors"];
        new SafetensorsWriter().Add("w", DType.U8, [100], new byte[100]).Save(path);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        using (FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) stream.SetLength(file.HeaderLength + 10);
        CheckpointException error = Assert.Throws<CheckpointException>(() => file.Read(file.Tensors[0], 0, new byte[100]));
        Assert.Equal($"model.safetensors: tensor 'w': the file ends at byte {file.HeaderLength + 10}; expected at least {file.HeaderLength + 100} bytes. "
            + "It was cut short after it had been opened: leave a checkpoint alone while it is read.", error.Message);
        Assert.Equal(("w", path), (error.Key, error.File));
    }

    [Fact]
    public void Open_NoFile_NamesThePath()
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(_folder["none.safetensors"]));
        Assert.Equal($"none.safetensors: is not there; expected a file at {_folder["none.safetensors"]}.", error.Message);
    }

    [Fact]
    public void Open_Folder_SaysSo() => Assert.Equal(
        $"{Path.GetFileName(_folder.Path)}: is a folder; expected a file.",
        Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(_folder.Path)).Message);

    [Fact]
    public void Open_NamedPipe_IsRefusedWithoutWaitingForAWriter()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes in folders");
        using (Process process = Process.Start("mkfifo", [_folder["model.safetensors"]])) process.WaitForExit();
        Assert.Equal(
            "model.safetensors: is 0 bytes; a safetensors file has at least 8. Download it again.",
            Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(_folder["model.safetensors"])).Message);
    }

    [Fact]
    public void Open_LinkToAFile_ReadsTheFile()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "making links needs a privilege on Windows");
        new SafetensorsWriter().Add("w", DType.U8, [2], [1, 2]).Save(_folder["blob"]);
        File.CreateSymbolicLink(_folder["model.safetensors"], _folder["blob"]);
        using SafetensorsFile file = SafetensorsFile.Open(_folder["model.safetensors"]);
        Assert.Equal(new FileInfo(_folder["blob"]).Length, file.ByteLength);
    }

    private SafetensorsFile Open(string json, int dataBytes) => SafetensorsFile.Open(Write(json, dataBytes));

    private string Write(string json, int dataBytes)
    {
        byte[] header = Encoding.UTF8.GetBytes(json);
        byte[] bytes = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);
        return _folder.Write("model.safetensors", bytes);
    }
}
