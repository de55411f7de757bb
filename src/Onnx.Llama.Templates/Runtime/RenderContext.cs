using System.Runtime.CompilerServices;
using System.Text;
using Onnx.Llama.Templates.Builtins;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Runtime;

/// <summary>The state of one rendering: variables, output, what has been used of the limits, and the place for error messages.</summary>
internal sealed class RenderContext
{
    private readonly string _templateName;
    private readonly IReadOnlyDictionary<string, TemplateValue> _variables;
    private readonly TemplateLimits _limits;
    private readonly TextBuffer _output;
    private readonly List<(int Start, string Text)> _generated = [];
    private long _steps;
    private int _calls;

    public RenderContext(string templateName, IReadOnlyDictionary<string, TemplateValue> variables, TimeProvider timeProvider, TemplateLimits limits)
    {
        _templateName = templateName;
        _variables = variables;
        _limits = limits;
        _output = new(limits.MaxOutputLength);
        TimeProvider = timeProvider;
    }

    public TimeProvider TimeProvider { get; }

    /// <summary>The place of what is being done.</summary>
    public SourcePosition Position { get; set; }

    /// <summary>The length of the output so far, in UTF-16 units.</summary>
    public int OutputLength => _output.Length;

    public string ToText() => _output.TextFrom(0);

    /// <summary>A name of the template's arguments or the environment, or null.</summary>
    public TemplateValue? FindGlobal(string name) => _variables.GetValueOrDefault(name) ?? Globals.Find(name);

    /// <summary>One step, taken before anything that recurses.</summary>
    /// <exception cref="TemplateFault">The steps or the stack are used up.</exception>
    public void Step(SourcePosition position)
    {
        Position = position;
        if (++_steps > _limits.MaxSteps) throw TooManySteps();
        RequireStack();
    }

    /// <summary>Counts work that grows with the data: elements, or characters by 64.</summary>
    /// <exception cref="TemplateFault">The steps are used up.</exception>
    public void Charge(long work)
    {
        _steps += work;
        if (_steps > _limits.MaxSteps) throw TooManySteps();
    }

    /// <summary>Counts making a text of this length in UTF-16 units, before it is made.</summary>
    /// <exception cref="TemplateFault">The text would be too long, or the steps are used up.</exception>
    public void ChargeText(long length)
    {
        if (length > _limits.MaxOutputLength) throw TemplateFault.Limit($"a text of {length} characters; at most {_limits.MaxOutputLength} are allowed");
        Charge(length >> 6);
    }

    /// <summary>Counts making a text longer, before that is done.</summary>
    /// <exception cref="TemplateFault">The text would be too long, or the steps are used up.</exception>
    public void ChargeGrowth(long length, long more)
    {
        if (length + more > _limits.MaxOutputLength) throw TemplateFault.Limit($"a text of more than {_limits.MaxOutputLength} characters");
        Charge(more >> 6);
    }

    /// <summary>Enters a macro, a call block or a recursive loop; <see cref="Leave"/> must follow.</summary>
    /// <exception cref="TemplateFault">They call each other too deep.</exception>
    public void Enter()
    {
        if (_calls >= _limits.MaxCallDepth) throw TemplateFault.Limit($"calls nested deeper than {_limits.MaxCallDepth}");
        _calls++;
        RequireStack();
    }

    public void Leave() => _calls--;

    public void Write(TemplateValue value)
    {
        string text = Text(value);
        Charge(text.Length >> 6);
        _output.Append(text);
    }

    public void Write(string text) => _output.Append(text);

    /// <summary>What was written since the output had this length; it is taken off the output.</summary>
    public StringValue Cut(int start)
    {
        Charge((_output.Length - start) >> 6);
        return new(_output.CutFrom(start));
    }

    /// <summary>Python's <c>str(value)</c>.</summary>
    public string Text(TemplateValue value)
    {
        if (value is StringValue text) return text.Text;
        Charge(value.Weight);
        ReprWriter writer = new(new StringBuilder(), _limits.MaxOutputLength);
        value.WriteText(writer);
        ChargeText(writer.Length);
        return writer.Text;
    }

    /// <summary>Python's <c>repr(value)</c>.</summary>
    public string Repr(TemplateValue value)
    {
        Charge(value.Weight);
        ReprWriter writer = new(new StringBuilder(), _limits.MaxOutputLength);
        writer.Repr(value);
        ChargeText(writer.Length);
        return writer.Text;
    }

    /// <summary>The elements of an iterable.</summary>
    public IReadOnlyList<TemplateValue> Items(TemplateValue iterable) => iterable.Items(this);

    /// <summary>Python's <c>==</c>.</summary>
    public bool AreEqual(TemplateValue left, TemplateValue right)
    {
        if (left.Nesting > 0 || left is StringValue) Charge(Math.Min(left.Weight, right.Weight) >> 2);
        return left.IsEqual(right);
    }

    /// <summary>Notes that the output from here on is the assistant's.</summary>
    public void MarkGenerated(int start) => _generated.Add((start, _output.TextFrom(start)));

    /// <exception cref="TemplateException">A marked text is not where it was printed: it went through a filter, a variable or the like.</exception>
    public IReadOnlyList<GenerationSpan> GenerationSpans()
    {
        string output = ToText();
        List<GenerationSpan> spans = [];
        foreach ((int start, string text) in _generated)
        {
            if (start > output.Length || string.CompareOrdinal(output, start, text, 0, text.Length) != 0)
            {
                const string Reason = "a text marked by 'generation' is changed or moved before it is printed, so that its range cannot be told";
                throw new TemplateException(_templateName, 0, 0, Reason);
            }

            spans.Add(new(start, start + text.Length));
        }

        return spans;
    }

    private static void RequireStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw TemplateFault.Limit("the stack of this thread is used up");
    }

    private TemplateFault TooManySteps() => TemplateFault.Limit($"more than {_limits.MaxSteps} steps");
}
