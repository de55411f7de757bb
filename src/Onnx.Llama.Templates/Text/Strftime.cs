using System.Globalization;
using System.Text;

namespace Onnx.Llama.Templates.Text;

/// <summary>Python's strftime of a time without a zone, in the C locale, with glibc's flags <c>-</c>, <c>_</c>, <c>0</c>, <c>^</c> and <c>#</c>.</summary>
internal static class Strftime
{
    public static string Format(DateTime time, string format)
    {
        StringBuilder text = new();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            int letter = i + 1;
            char flag = format[letter] is '-' or '_' or '0' or '^' or '#' && letter + 1 < format.Length ? format[letter++] : ' ';
            string? field = Field(time, format[letter]);
            text.Append(field is null ? format[i..(letter + 1)] : Flagged(field, flag));
            i = letter;
        }

        return text.ToString();
    }

    private static string? Field(DateTime time, char letter) => letter switch
    {
        'a' => Named(time, "ddd"),
        'A' => Named(time, "dddd"),
        'b' or 'h' => Named(time, "MMM"),
        'B' => Named(time, "MMMM"),
        'c' => Format(time, "%a %b %_d %H:%M:%S %Y"),
        'C' => Digits(time.Year / 100, 2),
        'd' => Digits(time.Day, 2),
        'D' or 'x' => Format(time, "%m/%d/%y"),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'f' => Digits((int)(time.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond), 6),
        'F' => Format(time, "%Y-%m-%d"),
        'g' => Digits(ISOWeek.GetYear(time) % 100, 2),
        'G' => Digits(ISOWeek.GetYear(time), 4),
        'H' => Digits(time.Hour, 2),
        'I' => Digits(((time.Hour + 11) % 12) + 1, 2),
        'j' => Digits(time.DayOfYear, 3),
        'k' => time.Hour.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'l' => (((time.Hour + 11) % 12) + 1).ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'm' => Digits(time.Month, 2),
        'M' => Digits(time.Minute, 2),
        'n' => "\n",
        'p' => time.Hour < 12 ? "AM" : "PM",
        'P' => time.Hour < 12 ? "am" : "pm",
        'r' => Format(time, "%I:%M:%S %p"),
        'R' => Format(time, "%H:%M"),
        'S' => Digits(time.Second, 2),
        't' => "\t",
        'T' or 'X' => Format(time, "%H:%M:%S"),
        'u' => Digits(((int)time.DayOfWeek + 6) % 7 + 1, 1),
        'U' => Digits((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7, 2),
        'V' => Digits(ISOWeek.GetWeekOfYear(time), 2),
        'w' => Digits((int)time.DayOfWeek, 1),
        'W' => Digits((time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)) / 7, 2),
        'y' => Digits(time.Year % 100, 2),
        // As Python on Linux, which does not fill up years below 1000.
        'Y' => time.Year.ToString(CultureInfo.InvariantCulture),
        'z' or 'Z' => "",
        '%' => "%",
        _ => null,
    };

    private static string Flagged(string field, char flag) => flag switch
    {
        '-' => field.TrimStart('0', ' ') is { Length: > 0 } trimmed ? trimmed : field.Length > 0 ? field[^1..] : field,
        '_' => Filled(field, '0', ' '),
        '0' => Filled(field, ' ', '0'),
        '^' => field.ToUpperInvariant(),
        '#' => field is "AM" or "PM" ? field.ToLowerInvariant() : field.ToUpperInvariant(),
        _ => field,
    };

    private static string Filled(string field, char from, char to)
    {
        int count = 0;
        while (count + 1 < field.Length && field[count] == from) count++;
        return new string(to, count) + field[count..];
    }

    private static string Named(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);

    private static string Digits(int value, int width) => value.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0');
}
