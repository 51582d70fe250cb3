using System.Buffers;
using System.Globalization;
using ActorMon.Exposition.Families;
using ActorMon.Exposition.Numbers;
using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Writing;

/// <summary>The pieces both text formats are made of, written as UTF-8.</summary>
internal readonly struct LineWriter(IBufferWriter<byte> output, bool openMetrics)
{
    public void Raw(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    public void Byte(byte b)
    {
        output.GetSpan(1)[0] = b;
        output.Advance(1);
    }

    public void Float(double value)
    {
        var room = output.GetSpan(FloatWriter.MaxLength + 2);
        output.Advance(openMetrics ? FloatWriter.WriteOpenMetrics(value, room) : FloatWriter.Write(value, room));
    }

    /// <summary>A count: a whole number as such in OpenMetrics, any float in the text format.</summary>
    public void Count(double value)
    {
        if (!openMetrics || value < 0 || value >= ulong.MaxValue || value != Math.Floor(value))
        {
            Float(value);
            return;
        }
        ((ulong)value).TryFormat(output.GetSpan(24), out var written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    /// <summary><c># KEYWORD name text</c> and a line feed.</summary>
    public void Comment(ReadOnlySpan<byte> keyword, string name, string text)
    {
        Raw("# "u8);
        Raw(keyword);
        Byte((byte)' ');
        Name(name);
        Byte((byte)' ');
        Escaped(text, quotes: openMetrics);
        Byte((byte)'\n');
    }

    /// <summary>Name and labels; a name beyond the legacy alphabet goes into the braces, quoted.</summary>
    public void Series(string name, string suffix, IReadOnlyList<Label> labels, string extraName, double extraValue)
    {
        var full = suffix.Length == 0 ? name : name + suffix;
        var separator = (byte)'{';
        if (NameValidator.IsValidMetricName(full, NameValidation.Legacy))
        {
            Text(full);
        }
        else
        {
            Byte(separator);
            Quoted(full);
            separator = (byte)',';
        }
        separator = Pairs(labels, separator);
        if (extraName.Length > 0)
        {
            Byte(separator);
            Text(extraName);
            Raw("=\""u8);
            Float(extraValue);
            Byte((byte)'"');
            separator = (byte)',';
        }
        if (separator == ',')
            Byte((byte)'}');
    }

    /// <summary>An OpenMetrics exemplar behind a sample; one without labels is left out, the format's parsers make nothing of it.</summary>
    public void Exemplar(ExemplarValue? exemplar)
    {
        if (exemplar is null || exemplar.Labels.Count == 0)
            return;
        Raw(" # "u8);
        Pairs(exemplar.Labels, (byte)'{');
        Raw("} "u8);
        Float(exemplar.Value);
        if (exemplar.TimestampMs is not { } timestamp)
            return;
        Byte((byte)' ');
        Float(timestamp / 1000.0);
    }

    private byte Pairs(IReadOnlyList<Label> labels, byte separator)
    {
        for (var i = 0; i < labels.Count; i++)
        {
            Byte(separator);
            if (NameValidator.IsValidLabelName(labels[i].Name, NameValidation.Legacy))
                Text(labels[i].Name);
            else
                Quoted(labels[i].Name);
            Byte((byte)'=');
            Quoted(labels[i].Value);
            separator = (byte)',';
        }
        return separator;
    }

    private void Name(string name)
    {
        if (NameValidator.IsValidMetricName(name, NameValidation.Legacy))
            Text(name);
        else
            Quoted(name);
    }

    private void Quoted(string text)
    {
        Byte((byte)'"');
        Escaped(text, quotes: true);
        Byte((byte)'"');
    }

    private void Escaped(ReadOnlySpan<char> text, bool quotes)
    {
        while (true)
        {
            var stop = quotes ? text.IndexOfAny('\\', '\n', '"') : text.IndexOfAny('\\', '\n');
            Text(stop < 0 ? text : text[..stop]);
            if (stop < 0)
                return;
            Raw(text[stop] switch
            {
                '\\' => "\\\\"u8,
                '\n' => "\\n"u8,
                _ => "\\\""u8,
            });
            text = text[(stop + 1)..];
        }
    }

    public void Text(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        var room = output.GetSpan(ByteText.ByteCount(text));
        output.Advance(ByteText.Encode(text, room));
    }
}
