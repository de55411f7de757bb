namespace Onnx.Llama.Tokenization.Models;

/// <summary>Pairs of neighbours waiting to be merged.</summary>
internal interface IPairQueue : IDisposable
{
    /// <summary>Adds a pair; one that has no merge is left out.</summary>
    public void Add(int rank, int position);

    /// <summary>Takes out the pair of lowest rank, the leftmost of equals.</summary>
    public bool TryTake(out int rank, out int position);
}
