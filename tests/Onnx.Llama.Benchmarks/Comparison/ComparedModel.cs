using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary>A shape whose weights are made at random.</summary>
/// <param name="Name">Its name; that of the GGUF generator too.</param>
/// <param name="Config">The file of its config.json.</param>
internal sealed record Shape(string Name, string Config)
{
    /// <summary>All.</summary>
    public static IReadOnlyList<Shape> All { get; } = [new("llama1b", "llama-1b.json"), new("smollm135m", "smollm2-135m.json")];
}

/// <summary>A precision and what stands beside it.</summary>
/// <param name="Name">As <c>convert --precision</c> knows it.</param>
/// <param name="GgufType">llama.cpp's format of the same size.</param>
/// <param name="Bits">Bits of a weight, without what its block shares.</param>
/// <param name="BlockBits">Bits that a block shares: a 16-bit scale, and a 4-bit zero point where there is one.</param>
internal sealed record PeerPrecision(string Name, string GgufType, int Bits, int BlockBits)
{
    private static readonly PeerPrecision[] s_all =
    [
        new("int4", "q4_0", 4, 16), new("int4-asym", "q4_1", 4, 20), new("int8", "q8_0", 8, 16), new("bf16", "f16", 16, 0), new("fp16", "f16", 16, 0),
    ];

    /// <summary>The precision of a name; null where llama.cpp has no format beside it.</summary>
    public static PeerPrecision? Named(string name) => s_all.FirstOrDefault(precision => precision.Name == name);

    /// <summary>Bytes of as many weights in blocks of a size.</summary>
    public long Bytes(long weights, int block) => (long)(weights * (Bits + ((double)BlockBits / block)) / 8);
}

/// <summary>A converted folder and the GGUF beside it.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Precision">How its weights are stored.</param>
/// <param name="Folder">The converted folder.</param>
/// <param name="Gguf">The GGUF; null where there is none.</param>
/// <param name="StepBytes">Bytes of the weights that a step must read.</param>
internal sealed record ComparedModel(string Shape, string Precision, string Folder, string? Gguf, long StepBytes)
{
    /// <summary>Bytes of the GGUF, links followed; null where there is none.</summary>
    public long? GgufBytes => Gguf is null ? null : ((FileInfo)(File.ResolveLinkTarget(Gguf, returnFinalTarget: true) ?? new FileInfo(Gguf))).Length;

    /// <summary>Bytes of the folder's weights.</summary>
    public long FolderBytes => new DirectoryInfo(Folder).EnumerateFiles("*.data").Sum(file => file.Length);

    /// <summary>Makes what is not there yet: the checkpoint, the folder, the GGUF.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="precision">The precision's name, a size of blocks after it where that is not 32: int4, int4-b128.</param>
    /// <param name="work">Where to make them.</param>
    /// <param name="benchmarks">The folder of the shapes' configs.</param>
    /// <param name="peer">llama.cpp's folder; null for no GGUF.</param>
    public static ComparedModel Make(Shape shape, string precision, string work, string benchmarks, string? peer)
    {
        string[] parts = precision.Split("-b");
        string checkpoint = Path.Combine(work, shape.Name);
        string folder = Path.Combine(work, $"{shape.Name}-{precision}");
        string[] block = parts.Length > 1 ? ["--block", parts[1]] : [];
        if (!Directory.Exists(checkpoint))
        {
            TinyCheckpoint.Write(checkpoint, File.ReadAllText(Path.Combine(benchmarks, shape.Config)), new CheckpointOptions { Seed = 1 });
        }

        if (!Directory.Exists(folder))
        {
            string tool = Path.Combine(AppContext.BaseDirectory, "onnx-llama.dll");
            Run("dotnet", [tool, "convert", checkpoint, folder, "--precision", parts[0], .. block]);
        }

        PeerPrecision? beside = PeerPrecision.Named(parts[0]);
        string? gguf = peer is null || beside is null ? null : Path.Combine(work, $"{shape.Name}-{beside.GgufType}.gguf");
        if (gguf is not null && !File.Exists(gguf)) Generate(shape, beside!.GgufType, work, benchmarks, peer!);
        int size = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 32;
        ComparedModel model = new(shape.Name, precision, folder, gguf, 0);
        return model with { StepBytes = beside?.Bytes(Parameters(folder), size) ?? model.FolderBytes };
    }

    private static void Generate(Shape shape, string type, string work, string benchmarks, string peer)
    {
        string python = Environment.GetEnvironmentVariable("PYTHON") ?? "python3";
        Run(python, [Path.Combine(benchmarks, "gguf.py"), peer, "--shape", shape.Name, "--types", type, "--out", work]);
    }

    private static long Parameters(string folder)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "onnx_llama.json")));
        return document.RootElement.GetProperty("facts").GetProperty("parameters").GetInt64();
    }

    private static void Run(string program, string[] arguments)
    {
        Console.Error.WriteLine($"{program} {string.Join(' ', arguments)}");
        ChildProcess.Run(new ProcessStartInfo(program, arguments), watch: false);
    }
}
