using System.Runtime.InteropServices;

namespace Onnx.Llama.Kernels.Tests.Attention;

/// <summary>Native floats, NaN at first, between marks that nobody may overwrite.</summary>
internal sealed unsafe class Memory : IDisposable
{
    private readonly float* _start;
    private readonly int _count;
    private readonly int _guard;
    private readonly float _mark;

    public Memory(int count, int guard, float mark)
    {
        (_count, _guard, _mark) = (count, guard, mark);
        _start = (float*)NativeMemory.Alloc((nuint)(count + (2 * guard)), sizeof(float));
        new Span<float>(_start, count + (2 * guard)).Fill(mark);
        new Span<float>(Address, count).Fill(float.NaN);
    }

    public float* Address => _start + _guard;

    public void CheckGuards()
    {
        Assert.All(new Span<float>(_start, _guard).ToArray(), value => Assert.Equal(_mark, value));
        Assert.All(new Span<float>(Address + _count, _guard).ToArray(), value => Assert.Equal(_mark, value));
    }

    public void Dispose() => NativeMemory.Free(_start);
}
