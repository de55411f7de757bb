namespace Onnx.Llama.Conversion.Weights;

/// <summary>A matrix under the name that it has in the graph; or several, one under the other, which another graph may have one by one.</summary>
/// <param name="Name">The name.</param>
/// <param name="Source">The rows.</param>
internal sealed record NamedRows(string Name, RowSource Source)
{
    /// <summary>The matrices that it consists of, each with its first row; none where it is one.</summary>
    public IReadOnlyList<(NamedRows Part, long First)> Parts { get; private init; } = [];

    /// <summary>Matrices of one width, one under the other.</summary>
    public static NamedRows Stacked(string name, params IReadOnlyList<NamedRows> parts)
    {
        List<(NamedRows, long)> placed = [];
        long first = 0;
        foreach (NamedRows part in parts)
        {
            placed.Add((part, first));
            first += part.Source.Rows;
        }

        return new NamedRows(name, new StackedRows([.. parts.Select(part => part.Source)])) { Parts = placed };
    }
}
