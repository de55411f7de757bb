namespace Onnx.Llama.Text.Tests.Templates;

/// <summary>A clock that stands still: the time of the reference values.</summary>
internal sealed class TemplateClock(DateTimeOffset now) : TimeProvider
{
    public static TemplateClock AtNoon { get; } = new(new DateTimeOffset(2025, 7, 10, 12, 0, 0, TimeSpan.Zero));

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => now;
}
