namespace Onnx.Llama.Templates.Runtime;

/// <summary>
/// An error while rendering, before its place is known: <see cref="ChatTemplate"/> adds the place. The texts are Python's and Jinja2's where these
/// have one.
/// </summary>
internal sealed class TemplateFault(string message) : Exception(message)
{
    public static TemplateFault Type(string message) => new($"TypeError: {message}");

    public static TemplateFault Value(string message) => new($"ValueError: {message}");

    public static TemplateFault Overflow(string message) => new($"OverflowError: {message}");

    public static TemplateFault ZeroDivision(string message) => new($"ZeroDivisionError: {message}");

    public static TemplateFault Undefined(string message) => new($"UndefinedError: {message}");

    public static TemplateFault Security(string message) => new($"SecurityError: {message}");

    public static TemplateFault Runtime(string message) => new($"TemplateRuntimeError: {message}");

    public static TemplateFault Limit(string message) => new($"limit exceeded: {message}");
}
