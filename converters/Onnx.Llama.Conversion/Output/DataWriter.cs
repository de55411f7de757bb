using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;

namespace Onnx.Llama.Conversion.Output;

/// <summary>Writes the data file: chunks of rows in the file's order, each at its place, on several threads.</summary>
internal static class DataWriter
{
    /// <summary>float32 bytes of a chunk: enough that reads and writes are sequential, few enough that all threads' chunks are some megabytes.</summary>
    private const int ChunkBytes = 4 << 20;

    /// <summary>Writes all jobs; the bytes do not depend on the number of threads.</summary>
    /// <exception cref="ConversionException">A weight is not finite, or the file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was set.</exception>
    public static void Write(string path, long length, IReadOnlyList<DataJob> jobs, int threads, Action<long> written, CancellationToken cancellationToken)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None, length);
            ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
            Parallel.ForEach(Partitioner.Create(Chunks(jobs), EnumerablePartitionerOptions.NoBuffering), options, chunk =>
            {
                chunk.Job.Write(file, chunk.First, chunk.Count);
                written(chunk.Job.Bytes * chunk.Count / chunk.Job.Rows);
            });
            RandomAccess.FlushToDisk(file);
        }
        catch (AggregateException faults)
        {
            Exception fault = faults.Flatten().InnerExceptions[0];
            if (IsOfFile(fault)) throw Unwritable(path, length, fault);
            ExceptionDispatchInfo.Throw(fault);
        }
        catch (Exception fault) when (IsOfFile(fault))
        {
            throw Unwritable(path, length, fault);
        }
    }

    private static IEnumerable<(DataJob Job, long First, int Count)> Chunks(IReadOnlyList<DataJob> jobs)
    {
        foreach (DataJob job in jobs)
        {
            long rows = Math.Max(1, ChunkBytes / ((long)job.Columns * sizeof(float)));
            for (long first = 0; first < job.Rows; first += rows)
            {
                yield return (job, first, (int)Math.Min(rows, job.Rows - first));
            }
        }
    }

    private static bool IsOfFile(Exception fault) => fault is IOException or UnauthorizedAccessException;

    private static ConversionException Unwritable(string path, long length, Exception fault) =>
        new(path, FormattableString.Invariant($"cannot be written ({length} bytes): {fault.Message} Free space, or choose another OUTPUT."), fault);
}
