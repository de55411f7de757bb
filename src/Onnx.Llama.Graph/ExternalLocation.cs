namespace Onnx.Llama.Graph;

/// <summary>Names of external data files. They are checked by one rule on every system, so that a folder that can be read on one can be read on all.</summary>
internal static class ExternalLocation
{
    /// <summary>Refuses what is not a relative path with forward slashes that stays in the graph's folder.</summary>
    /// <param name="location">The name.</param>
    /// <param name="subject">Whose location it is, and in which file.</param>
    /// <exception cref="GraphException">The name leaves the folder, or might on some system.</exception>
    public static void Check(string location, string subject)
    {
        bool plain = location.AsSpan().IndexOfAny('\\', ':', '\0') < 0;
        if (plain && !location.Split('/').Any(part => part is "" or "." or "..")) return;
        throw new GraphException(subject, $"the location is '{location}'; expected a path inside the model's folder, relative and with forward slashes.");
    }
}
