namespace Onnx.Llama.Testing;

/// <summary>How a random checkpoint is made.</summary>
public sealed record CheckpointOptions
{
    /// <summary>Two checkpoints of one config and seed are equal byte by byte.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How weights are stored; the values are bfloat16's in any case.</summary>
    public StoredFloat DType { get; init; } = StoredFloat.BF16;

    /// <summary>Files to spread the tensors over; more than one brings model.safetensors.index.json.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>A tokenizer.json to copy into the folder.</summary>
    public string? TokenizerPath { get; init; }
}
