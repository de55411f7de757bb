namespace Onnx.Llama.Templates.Syntax;

/// <summary>The special names within a macro. A macro that does not read one does not take such arguments.</summary>
[Flags]
internal enum MacroNames
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary><c>caller</c>, the body of the call block that calls.</summary>
    Caller = 1,

    /// <summary><c>varargs</c>, further arguments by place.</summary>
    VarArgs = 2,

    /// <summary><c>kwargs</c>, further arguments by name.</summary>
    KwArgs = 4,
}
