using System.Runtime.InteropServices;
using System.Text;

namespace Onnx.Llama.Kernels.Native;

/// <summary>
/// The functions of ONNX Runtime's C interface (onnxruntime_c_api.h, struct OrtApi) that custom operators need and the managed package does not have.
/// A function's place in the table never changes: new ones are only appended.
/// </summary>
internal static unsafe partial class OrtApi
{
    /// <summary>Places in the table.</summary>
    private enum Slot
    {
        CreateStatus = 0,
        GetErrorCode = 1,
        GetErrorMessage = 2,
        CreateCustomOpDomain = 26,
        CustomOpDomainAdd = 27,
        AddCustomOpDomain = 28,
        GetTensorMutableData = 51,
        GetTensorElementType = 60,
        GetDimensionsCount = 61,
        GetDimensions = 62,
        GetTensorTypeAndShape = 65,
        AttributeFloat = 85,
        AttributeInteger = 86,
        AttributeString = 87,
        GetInputCount = 88,
        GetInput = 90,
        GetOutput = 91,
        ReleaseStatus = 93,
        ReleaseTensorTypeAndShapeInfo = 99,
        GetConstantInput = 249,
        ParallelFor = 274,
    }

    private const string Library = "onnxruntime";

    /// <summary>The version of the interface with the last function used here and of <see cref="OrtCustomOp"/>: ONNX Runtime 1.20's.</summary>
    public const uint Version = 20;

    private static nint* s_table;

    /// <summary>The runtime's version, as it says it; known after <see cref="Load"/>.</summary>
    public static string RuntimeVersion { get; private set; } = "";

    /// <summary>Finds the table and checks that its functions are where they are expected.</summary>
    /// <exception cref="KernelException">There is no library, it is too old, or its table is another.</exception>
    public static void Load()
    {
        if (s_table is not null) return;
        nint* api = Find();
        s_table = api;
        try
        {
            CheckStatus();
        }
        catch
        {
            s_table = null;
            throw;
        }
    }

    /// <summary>Turns a status into an exception.</summary>
    /// <exception cref="KernelException">The status is a fault.</exception>
    public static void Check(nint status, string subject)
    {
        if (status == 0) return;
        string message = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<nint, byte*>)Function(Slot.GetErrorMessage))(status)) ?? "";
        ((delegate* unmanaged[Cdecl]<nint, void>)Function(Slot.ReleaseStatus))(status);
        throw new KernelException(subject, message);
    }

    /// <summary>A status that tells ONNX Runtime of a fault; it takes it over.</summary>
    public static nint Fail(string message)
    {
        const int GeneralFault = 1;
        fixed (byte* text = Utf8(message)) return ((delegate* unmanaged[Cdecl]<int, byte*, nint>)Function(Slot.CreateStatus))(GeneralFault, text);
    }

    public static nint CreateDomain(string name)
    {
        nint domain;
        fixed (byte* text = Utf8(name)) Check(((delegate* unmanaged[Cdecl]<byte*, nint*, nint>)Function(Slot.CreateCustomOpDomain))(text, &domain), name);
        return domain;
    }

    public static void AddToDomain(nint domain, OrtCustomOp* op, string name) =>
        Check(((delegate* unmanaged[Cdecl]<nint, OrtCustomOp*, nint>)Function(Slot.CustomOpDomainAdd))(domain, op), name);

    public static void AddDomain(nint sessionOptions, nint domain, string name) =>
        Check(((delegate* unmanaged[Cdecl]<nint, nint, nint>)Function(Slot.AddCustomOpDomain))(sessionOptions, domain), name);

    public static float AttributeFloat(nint info, string name)
    {
        float value;
        fixed (byte* text = Utf8(name)) Check(((delegate* unmanaged[Cdecl]<nint, byte*, float*, nint>)Function(Slot.AttributeFloat))(info, text, &value), name);
        return value;
    }

    public static long AttributeInteger(nint info, string name)
    {
        long value;
        fixed (byte* text = Utf8(name)) Check(((delegate* unmanaged[Cdecl]<nint, byte*, long*, nint>)Function(Slot.AttributeInteger))(info, text, &value), name);
        return value;
    }

    public static string AttributeString(nint info, string name)
    {
        var read = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, nuint*, nint>)Function(Slot.AttributeString);
        nuint size = 0;
        fixed (byte* key = Utf8(name))
        {
            Check(read(info, key, null, &size), name);
            byte[] value = new byte[size];
            fixed (byte* text = value) Check(read(info, key, text, &size), name);
            return Encoding.UTF8.GetString(value).TrimEnd('\0');
        }
    }

    /// <summary>An input that is an initializer; 0 where it is none.</summary>
    public static nint ConstantInput(nint info, int index)
    {
        int constant;
        nint value;
        Check(
            ((delegate* unmanaged[Cdecl]<nint, nuint, int*, nint*, nint>)Function(Slot.GetConstantInput))(info, (nuint)index, &constant, &value), "constant input");
        return constant == 0 ? 0 : value;
    }

    public static int InputCount(nint context)
    {
        nuint count;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint*, nint>)Function(Slot.GetInputCount))(context, &count), "inputs");
        return (int)count;
    }

    /// <summary>0 for an optional input that is not there.</summary>
    public static nint Input(nint context, int index)
    {
        nint value;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint>)Function(Slot.GetInput))(context, (nuint)index, &value), "input");
        return value;
    }

    /// <summary>0 for an optional output that nobody wants.</summary>
    public static nint Output(nint context, int index, ReadOnlySpan<long> shape)
    {
        nint value;
        fixed (long* dimensions = shape)
        {
            var get = (delegate* unmanaged[Cdecl]<nint, nuint, long*, nuint, nint*, nint>)Function(Slot.GetOutput);
            Check(get(context, (nuint)index, dimensions, (nuint)shape.Length, &value), "output");
        }

        return value;
    }

    public static void* Data(nint tensor)
    {
        void* data;
        Check(((delegate* unmanaged[Cdecl]<nint, void**, nint>)Function(Slot.GetTensorMutableData))(tensor, &data), "tensor");
        return data;
    }

    /// <summary>Reads a tensor's dimensions; how many there are.</summary>
    public static int Shape(nint tensor, Span<long> dimensions)
    {
        nint info;
        Check(((delegate* unmanaged[Cdecl]<nint, nint*, nint>)Function(Slot.GetTensorTypeAndShape))(tensor, &info), "tensor");
        try
        {
            nuint count;
            Check(((delegate* unmanaged[Cdecl]<nint, nuint*, nint>)Function(Slot.GetDimensionsCount))(info, &count), "shape");
            if (count > (nuint)dimensions.Length) throw new KernelException("tensor", $"has {count} dimensions; expected at most {dimensions.Length}.");
            fixed (long* into = dimensions) Check(((delegate* unmanaged[Cdecl]<nint, long*, nuint, nint>)Function(Slot.GetDimensions))(info, into, count), "shape");
            return (int)count;
        }
        finally
        {
            ((delegate* unmanaged[Cdecl]<nint, void>)Function(Slot.ReleaseTensorTypeAndShapeInfo))(info);
        }
    }

    public static void ParallelFor(nint context, delegate* unmanaged[Cdecl]<void*, nuint, void> body, int total, void* data)
    {
        var run = (delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<void*, nuint, void>, nuint, nuint, void*, nint>)Function(Slot.ParallelFor);
        Check(run(context, body, (nuint)total, 0, data), "parallel work");
    }

    private static nint Function(Slot slot) => s_table[(int)slot];

    private static nint* Find()
    {
        try
        {
            nint* start = OrtGetApiBase();
            RuntimeVersion = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<byte*>)start[1])()) ?? "";
            bool known = System.Version.TryParse(RuntimeVersion.Split('-', '+')[0], out System.Version? version) && version is { Major: 1 } && version.Minor >= Version;
            nint* table = known ? ((delegate* unmanaged[Cdecl]<uint, nint*>)start[0])(Version) : null;
            return table is not null ? table : throw new KernelException(Library, $"has version '{RuntimeVersion}'; the kernels know 1.{Version} and later 1.x.");
        }
        catch (Exception fault) when (fault is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new KernelException(Library, $"cannot be loaded: {fault.Message}", fault);
        }
    }

    /// <summary>Makes a status and reads it back: the first functions of the table, where another table would show.</summary>
    private static void CheckStatus()
    {
        const string Message = "layout";
        nint status = Fail(Message);
        int code = ((delegate* unmanaged[Cdecl]<nint, int>)Function(Slot.GetErrorCode))(status);
        string? text = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<nint, byte*>)Function(Slot.GetErrorMessage))(status));
        ((delegate* unmanaged[Cdecl]<nint, void>)Function(Slot.ReleaseStatus))(status);
        if (code == 1 && text == Message) return;
        throw new KernelException(Library, $"version {RuntimeVersion} has another table of functions than expected (a status came back as {code} '{text}').");
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');

    [LibraryImport(Library)]
    private static partial nint* OrtGetApiBase();
}
