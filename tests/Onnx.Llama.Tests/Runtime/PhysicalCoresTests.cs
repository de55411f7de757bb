using Onnx.Llama.Runtime;

namespace Onnx.Llama.Tests.Runtime;

public sealed class PhysicalCoresTests
{
    [Fact]
    public void Count_TwoThreadsPerCore_CountsCores()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("onnx-llama-");
        try
        {
            for (int cpu = 0; cpu < 8; cpu++)
            {
                DirectoryInfo topology = Directory.CreateDirectory(Path.Combine(folder.FullName, $"cpu{cpu}", "topology"));
                File.WriteAllText(Path.Combine(topology.FullName, "thread_siblings_list"), $"{cpu % 4},{(cpu % 4) + 4}\n");
            }

            Assert.Equal(4, PhysicalCores.Count(folder.FullName, 8));
            Assert.Equal(2, PhysicalCores.Count(folder.FullName, 2));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Count_SystemDoesNotTell_LeavesItToOnnxRuntime() =>
        Assert.Equal(0, PhysicalCores.Count(Path.Combine(Path.GetTempPath(), "no-such-topology"), 8));
}
