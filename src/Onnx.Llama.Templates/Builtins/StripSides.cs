namespace Onnx.Llama.Templates.Builtins;

/// <summary>At which ends a text is stripped.</summary>
[Flags]
internal enum StripSides
{
    /// <summary>lstrip</summary>
    Start = 1,

    /// <summary>rstrip</summary>
    End = 2,

    /// <summary>strip</summary>
    Both = Start | End,
}
