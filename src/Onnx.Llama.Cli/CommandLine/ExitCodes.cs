namespace Onnx.Llama.Cli.CommandLine;

/// <summary>What the tool returns to the shell.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Interrupted = 130;
}
