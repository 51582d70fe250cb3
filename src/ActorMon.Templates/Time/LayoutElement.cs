namespace ActorMon.Templates.Time;

internal enum LayoutKind : byte
{
    Literal,
    LongMonth,
    ShortMonth,
    Month,
    PaddedMonth,
    LongWeekday,
    ShortWeekday,
    Day,
    SpacedDay,
    PaddedDay,
    SpacedDayOfYear,
    PaddedDayOfYear,
    Hour,
    Hour12,
    PaddedHour12,
    Minute,
    PaddedMinute,
    Second,
    PaddedSecond,
    LongYear,
    Year,
    UpperHalf,
    LowerHalf,
    ZoneName,
    Offset,
    Fraction,
    TrimmedFraction,
}

/// <summary>A piece of a layout in Go's form, where an example instant (Mon Jan 2 15:04:05 2006 -0700) shows what stands where.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Text">As the layout has it.</param>
internal readonly record struct LayoutElement(LayoutKind Kind, string Text)
{
    /// <summary>Longer forms before shorter ones that begin alike.</summary>
    private static readonly (string Text, LayoutKind Kind)[] Known =
    [
        ("January", LayoutKind.LongMonth), ("Jan", LayoutKind.ShortMonth), ("Monday", LayoutKind.LongWeekday), ("Mon", LayoutKind.ShortWeekday),
        ("MST", LayoutKind.ZoneName), ("002", LayoutKind.PaddedDayOfYear), ("01", LayoutKind.PaddedMonth), ("02", LayoutKind.PaddedDay),
        ("03", LayoutKind.PaddedHour12), ("04", LayoutKind.PaddedMinute), ("05", LayoutKind.PaddedSecond), ("06", LayoutKind.Year), ("15", LayoutKind.Hour),
        ("1", LayoutKind.Month), ("2006", LayoutKind.LongYear), ("_2006", LayoutKind.Literal), ("__2", LayoutKind.SpacedDayOfYear), ("_2", LayoutKind.SpacedDay),
        ("2", LayoutKind.Day), ("3", LayoutKind.Hour12), ("4", LayoutKind.Minute), ("5", LayoutKind.Second), ("PM", LayoutKind.UpperHalf), ("pm", LayoutKind.LowerHalf),
        ("-07:00:00", LayoutKind.Offset), ("-070000", LayoutKind.Offset), ("-07:00", LayoutKind.Offset), ("-0700", LayoutKind.Offset), ("-07", LayoutKind.Offset),
        ("Z07:00:00", LayoutKind.Offset), ("Z070000", LayoutKind.Offset), ("Z07:00", LayoutKind.Offset), ("Z0700", LayoutKind.Offset), ("Z07", LayoutKind.Offset),
    ];

    /// <summary>Cuts a layout; what is no element is literal text.</summary>
    public static List<LayoutElement> Split(string layout)
    {
        var elements = new List<LayoutElement>();
        var literal = 0;
        for (var at = 0; at < layout.Length;)
        {
            if (At(layout, at) is not { } element)
            {
                at++;
                continue;
            }
            if (at > literal)
                elements.Add(new LayoutElement(LayoutKind.Literal, layout[literal..at]));
            // "_2006" is an underscore and the year.
            if (element.Text == "_2006")
            {
                elements.Add(new LayoutElement(LayoutKind.Literal, "_"));
                elements.Add(new LayoutElement(LayoutKind.LongYear, "2006"));
            }
            else
            {
                elements.Add(element);
            }
            at += element.Text.Length;
            literal = at;
        }
        if (literal < layout.Length)
            elements.Add(new LayoutElement(LayoutKind.Literal, layout[literal..]));
        return elements;
    }

    private static LayoutElement? At(string layout, int at)
    {
        var rest = layout.AsSpan(at);
        if (rest[0] is '.' or ',' && rest.Length > 1 && rest[1] is '0' or '9')
        {
            var end = 1;
            while (end < rest.Length && rest[end] == rest[1])
                end++;
            // Digits that go on are a number, not a fraction.
            if (end == rest.Length || !char.IsAsciiDigit(rest[end]))
                return new LayoutElement(rest[1] == '0' ? LayoutKind.Fraction : LayoutKind.TrimmedFraction, rest[..end].ToString());
        }
        foreach (var (text, kind) in Known)
        {
            if (!rest.StartsWith(text))
                continue;
            // "Jan" and "Mon" in the middle of a lower-case word are letters of that word.
            if (text is "Jan" or "Mon" && rest.Length > 3 && char.IsAsciiLetterLower(rest[3]))
                continue;
            return new LayoutElement(kind, text);
        }
        return null;
    }
}
