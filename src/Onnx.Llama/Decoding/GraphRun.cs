namespace Onnx.Llama.Decoding;

/// <summary>One run of the graph within a step: a piece of one sequence's prompt, or one token each of a bank's rows that lie together.</summary>
/// <param name="Bank">The rows' bank.</param>
/// <param name="FirstRow">The first row.</param>
/// <param name="Rows">How many rows; 1 for a piece of a prompt.</param>
/// <param name="Entry">The plan's entry, for a piece of a prompt; -1 for one token per row.</param>
/// <param name="Start">Where the piece begins among the entry's tokens; below 0 where those before them run again.</param>
/// <param name="Count">New tokens per row.</param>
/// <param name="AllLogits">Whether logits of every position are wanted; else the last one's, or none.</param>
/// <param name="LogitRow">The row of the logits' buffer that this run writes first.</param>
/// <param name="Positions">Positions per row that give logits.</param>
internal readonly record struct GraphRun(
    KvBank Bank, int FirstRow, int Rows, int Entry, int Start, int Count, bool AllLogits, int LogitRow, int Positions);
