using System.Runtime.CompilerServices;
using Xunit;

namespace Onnx.Llama.Testing;

/// <summary>
/// Compares texts with approved ones in files, so that a change of output is seen as a difference of a file under review. A text that differs is written
/// beside the approved one as NAME.received.txt; with ONNX_LLAMA_APPROVE=1 it replaces the approved one instead.
/// </summary>
/// <param name="folder">The approved files' folder.</param>
/// <param name="approve">Whether what is received replaces what is approved.</param>
public sealed class Expectations(string folder, bool approve)
{
    /// <summary>The environment variable that approves, with the value 1.</summary>
    public const string Variable = "ONNX_LLAMA_APPROVE";

    /// <summary>Those in tests/Expectations.</summary>
    public static Expectations OfRepository { get; } =
        new(Path.Combine(SharedFolder.Repository, "tests", "Expectations"), Environment.GetEnvironmentVariable(Variable) == "1");

    /// <summary>Fails unless the text is that of NAME.txt.</summary>
    public void Verify(string name, string received, [CallerMemberName] string test = "") => VerifyFile(Path.Combine(folder, $"{name}.txt"), received, test);

    /// <summary>Fails unless the text is that of a file, which may lie anywhere.</summary>
    public void VerifyFile(string approvedFile, string received, [CallerMemberName] string test = "")
    {
        string name = Path.GetFileNameWithoutExtension(approvedFile);
        string receivedFile = Path.ChangeExtension(approvedFile, $"received{Path.GetExtension(approvedFile)}");
        File.Delete(receivedFile);
        if (approve) File.WriteAllText(approvedFile, received);
        string? approved = File.Exists(approvedFile) ? File.ReadAllText(approvedFile) : null;
        if (approved == received) return;
        File.WriteAllText(receivedFile, received);
        string found = approved is null
            ? "has no approved text yet"
            : $"differs from the approved text {Difference(approved.Split('\n'), received.Split('\n'))}";
        Assert.Fail($"{name} {found}. Compare {receivedFile} with {approvedFile}; if the change is meant, run {test} with {Variable}=1 and commit the file.");
    }

    private static string Difference(string[] approved, string[] received)
    {
        int line = approved.Zip(received).TakeWhile(pair => pair.First == pair.Second).Count();
        return FormattableString.Invariant($"in line {line + 1}: expected '{Line(approved, line)}', received '{Line(received, line)}'");
    }

    private static string Line(string[] lines, int index) => index < lines.Length ? lines[index] : "(end)";
}
