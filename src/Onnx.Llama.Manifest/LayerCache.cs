namespace Onnx.Llama.Manifest;

/// <summary>The cache of one layer.</summary>
/// <param name="Kind">What is kept.</param>
/// <param name="Window">How many of the newest tokens, for <see cref="LayerCacheKind.Window"/>.</param>
public sealed record LayerCache(LayerCacheKind Kind, int? Window = null);
