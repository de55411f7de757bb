namespace Onnx.Llama.Runtime;

/// <summary>The processor's cores, of which hardware threads share one.</summary>
internal static class PhysicalCores
{
    private const string Topology = "/sys/devices/system/cpu";

    /// <summary>One thread per physical core, within what the process may use; 0, ONNX Runtime's own choice, where the system does not tell.</summary>
    public static int Count() => Count(Topology, Environment.ProcessorCount);

    /// <summary>The same for a given folder of cores and limit.</summary>
    public static int Count(string topology, int limit)
    {
        try
        {
            int cores = Directory.EnumerateDirectories(topology, "cpu*")
                .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(File.ReadAllText)
                .Distinct()
                .Count();
            return Math.Min(cores, limit);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
