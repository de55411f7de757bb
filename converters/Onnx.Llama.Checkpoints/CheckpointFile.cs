namespace Onnx.Llama.Checkpoints;

/// <summary>A file that a checkpoint's tensors come from, for provenance.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Bytes">Its size in bytes when it was opened.</param>
public sealed record CheckpointFile(string Path, long Bytes);
