using Onnx.Llama.Cli.Tests.Caching;
using Onnx.Llama.Testing;

[assembly: AssemblyFixture(typeof(CacheOfTests))]

namespace Onnx.Llama.Cli.Tests.Caching;

/// <summary>A cache of the tests' own, for this process and those that it starts: nothing is written into the user's.</summary>
public sealed class CacheOfTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CacheOfTests() => Environment.SetEnvironmentVariable("ONNX_LLAMA_CACHE", _folder.Path);

    public void Dispose() => _folder.Dispose();
}
