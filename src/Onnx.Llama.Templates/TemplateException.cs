namespace Onnx.Llama.Templates;

/// <summary>A chat template that cannot be parsed, rendered or found: where, what was found, what was expected.</summary>
public sealed class TemplateException : Exception
{
    /// <summary>An error at a place in a template.</summary>
    /// <param name="templateName">The template's name, usually its file.</param>
    /// <param name="line">The line, counted from 1; 0 where the error has no place in the text.</param>
    /// <param name="column">The column in UTF-16 units, counted from 1; 0 where the error has no place in the text.</param>
    /// <param name="reason">What is wrong, without the place.</param>
    /// <param name="innerException">What caused it, if anything did.</param>
    public TemplateException(string templateName, int line, int column, string reason, Exception? innerException = null)
        : base(line > 0 ? $"{templateName}({line},{column}): {reason}" : $"{templateName}: {reason}", innerException)
    {
        TemplateName = templateName;
        Line = line;
        Column = column;
        Reason = reason;
    }

    /// <summary>The template's name, usually its file.</summary>
    public string TemplateName { get; }

    /// <summary>The line, counted from 1; 0 where the error has no place in the text.</summary>
    public int Line { get; }

    /// <summary>The column in UTF-16 units, counted from 1; 0 where the error has no place in the text.</summary>
    public int Column { get; }

    /// <summary>What is wrong, without the place. For <c>raise_exception(text)</c> it is that text.</summary>
    public string Reason { get; }
}
