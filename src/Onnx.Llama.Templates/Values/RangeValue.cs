using System.Globalization;
using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Values;

/// <summary>Python's range, of at most as many numbers as Jinja2's sandbox allows.</summary>
internal sealed class RangeValue : TemplateValue
{
    private const int MaxLength = 100_000;
    private readonly long _start;
    private readonly long _stop;
    private readonly long _step;
    private readonly int _count;

    /// <exception cref="TemplateFault">The step is zero or the range too long.</exception>
    public RangeValue(long start, long stop, long step)
    {
        if (step == 0) throw TemplateFault.Value("range() arg 3 must not be zero");
        (_start, _stop, _step) = (start, stop, step);
        Int128 count = step > 0 ? ((Int128)stop - start + step - 1) / step : ((Int128)start - stop - step - 1) / -(Int128)step;
        if (count > MaxLength) throw TemplateFault.Overflow($"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({MaxLength}).");
        _count = (int)Int128.Max(0, count);
    }

    internal override string TypeName => "range";

    internal override bool IsTrue => _count > 0;

    internal override long Weight => 1 + _count;

    internal override int? Count() => _count;

    internal override IReadOnlyList<TemplateValue> Items(RenderContext context)
    {
        context.Charge(_count);
        TemplateValue[] items = new TemplateValue[_count];
        for (int i = 0; i < items.Length; i++) items[i] = At(i);
        return items;
    }

    internal override TemplateValue? Item(TemplateValue key, RenderContext context)
    {
        if (key is SliceValue slice) return slice.Of(this);
        if (!Number.TryIndex(key, out long index)) return null;
        if (index < 0) index += _count;
        return index >= 0 && index < _count ? At(index) : null;
    }

    /// <summary>The range of the indices start, start + step, … before stop, all of them within this range.</summary>
    public RangeValue Slice(long start, long stop, long step) => new(_start + (start * _step), _start + (stop * _step), _step * step);

    internal override bool IsEqual(TemplateValue other) =>
        other is RangeValue range && range._count == _count && (_count == 0 || (range._start == _start && (_count == 1 || range._step == _step)));

    internal override int HashCode() => System.HashCode.Combine(_count, _count > 0 ? _start : 0, _count > 1 ? _step : 0);

    internal override void WriteRepr(ReprWriter writer) => writer.Append(
        _step == 1
            ? string.Create(CultureInfo.InvariantCulture, $"range({_start}, {_stop})")
            : string.Create(CultureInfo.InvariantCulture, $"range({_start}, {_stop}, {_step})"));

    private TemplateValue At(long index) => TemplateValue.From(new System.Numerics.BigInteger(_start + (index * _step)));
}
