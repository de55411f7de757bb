using Onnx.Llama.Kernels.Cache;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Kernels.Tests.Cache;

public sealed class WeightHashesTests
{
    private const int Piece = 1 << 20;

    [Theory]
    [InlineData(0)]
    [InlineData(3 * Piece)]
    [InlineData((19 * Piece) + 5)]
    public void FirstDamaged_OfAll_FindsEveryBit(int length)
    {
        using TemporaryFolder folder = new();
        Random random = new(length);
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        string file = folder.Write("weights", bytes);
        string hashes = WeightHashes.Of(file, TestContext.Current.CancellationToken);
        Assert.Null(Look(file, hashes, all: true));
        Assert.Null(Look(file, hashes, all: false));
        for (int i = 0; i < 5 && length > 0; i++)
        {
            int at = i == 0 ? length - 1 : random.Next(length);
            bytes[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(file, bytes);
            Assert.Equal(at / Piece, Look(file, hashes, all: true));
            File.WriteAllBytes(file, [.. bytes]);
            hashes = WeightHashes.Of(file, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>First and last piece each time, the rest sooner or later: 4 of 20 at a time miss one for ever with (4/5)^200.</summary>
    [Fact]
    public void FirstDamaged_OfSome_FindsItSoonerOrLater()
    {
        using TemporaryFolder folder = new();
        byte[] bytes = new byte[20 * Piece];
        string file = folder.Write("weights", bytes);
        string hashes = WeightHashes.Of(file, TestContext.Current.CancellationToken);
        bytes[7 * Piece] = 1;
        File.WriteAllBytes(file, bytes);
        int found = 0;
        for (int i = 0; i < 200 && found == 0; i++) found = Look(file, hashes, all: false) ?? 0;
        Assert.Equal(7, found);
        foreach (int end in new[] { 0, 19 })
        {
            bytes = new byte[20 * Piece];
            bytes[(end * Piece) + 1] = 1;
            File.WriteAllBytes(file, bytes);
            Assert.Equal(end, Look(file, hashes, all: false));
        }
    }

    [Fact]
    public void FirstDamaged_HashesOfAnotherLength_IsTheFirst()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("weights", new byte[10]);
        Assert.Equal(0, Look(file, "", all: true));
        Assert.Equal(0, Look(file, new string('0', 64), all: false));
    }

    private static int? Look(string file, string hashes, bool all) => WeightHashes.FirstDamaged(file, hashes, all, progress: null, TestContext.Current.CancellationToken);
}
