namespace Onnx.Llama.Formats.Tests.Quantization;

/// <summary>Blocks to quantise: ordinary ones, and those that a careless encoder gets wrong.</summary>
internal static class BlockSamples
{
    public static IEnumerable<float[]> All(int blockSize, int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 300; i++)
        {
            yield return Gaussian(random, blockSize, Math.Pow(10, random.Next(-8, 8)));
            yield return Gaussian(random, random.Next(1, blockSize), 1);
            yield return Of(blockSize, _ => random.Next(-8, 8) * 0.5f);
            yield return Of(blockSize, _ => (random.Next(-8, 8) + 0.5f) * 0.5f);
            yield return Of(blockSize, _ => (float)Math.Pow(10, (random.NextDouble() * 83) - 45) * (random.Next(2) == 0 ? -1 : 1));
            yield return Of(blockSize, _ => random.Next(3) - 1);
            yield return OneOutlier(random, blockSize);
        }

        foreach (float value in new[] { 0f, -0f, float.Epsilon, 1.17549435e-38f, -9.4e-38f, 1e-37f, 1f, -1f, 1e38f, -3e38f, float.MaxValue, float.MinValue })
        {
            yield return Of(blockSize, _ => value);
            yield return Of(blockSize, i => i == blockSize / 2 ? value : 0);
            yield return Of(blockSize, i => (i & 1) == 0 ? value : -value);
        }
    }

    public static float[] Gaussian(Random random, int length, double deviation) => Of(length, _ =>
        (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())));

    private static float[] OneOutlier(Random random, int blockSize)
    {
        float[] block = Gaussian(random, blockSize, 0.01);
        block[random.Next(blockSize)] = random.Next(2) == 0 ? 50 : -50;
        return block;
    }

    private static float[] Of(int length, Func<int, float> value) => [.. Enumerable.Range(0, length).Select(value)];
}
