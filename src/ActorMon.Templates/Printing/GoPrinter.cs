using System.Globalization;
using ActorMon.Model.Text;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Printing;

/// <summary>Prints values as Go's fmt does: Sprint, Sprintln and single values; formats are in <see cref="GoFormatter"/>.</summary>
internal sealed partial class GoPrinter(LimitedText output)
{
    private FormatFlags _flags;

    /// <summary>%v of a value.</summary>
    public static string Text(TemplateValue value, TemplateRun run)
    {
        var text = run.NewText();
        new GoPrinter(text).Print(value, 'v', default);
        return text.ToString();
    }

    /// <summary>print: values after another, a space between two that both are no text.</summary>
    public void PrintAll(ReadOnlySpan<TemplateValue> values)
    {
        var afterText = true;
        foreach (var value in values)
        {
            var isText = value is StringValue;
            if (!afterText && !isText)
                output.Append(' ');
            Print(value, 'v', default);
            afterText = isText;
        }
    }

    /// <summary>println: a space between all values and a line's end.</summary>
    public void PrintLine(ReadOnlySpan<TemplateValue> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0)
                output.Append(' ');
            Print(values[i], 'v', default);
        }
        output.Append('\n');
    }

    /// <summary>A value an action writes: as %v, an object held by reference without its ampersand.</summary>
    public void PrintTop(TemplateValue value)
    {
        if (value is ObjectValue { Type.IsPointer: true } pointer && pointer.OwnText is null)
            Fields(pointer, 'v', 0);
        else
            Print(value, 'v', default);
    }

    /// <summary>One value by a verb.</summary>
    public void Print(TemplateValue value, char verb, FormatFlags flags)
    {
        _flags = flags;
        if (verb == 'T')
        {
            Pad(value.Type.Name);
            return;
        }
        if (verb == 'v')
        {
            _flags.PlusV = flags.Plus;
            _flags.SharpV = flags.Sharp;
            _flags.Plus = _flags.Sharp = false;
        }
        Value(value, verb, 0);
    }

    private void Value(TemplateValue value, char verb, int depth)
    {
        if (!StackRoom.IsLeft)
            TemplateFailure.Throw(TemplateErrorKind.Limit, "template value nests too deeply to print");
        if (value is NilValue)
        {
            if (verb == 'v')
                Pad("<nil>");
            else
                BadVerb(value, verb);
            return;
        }
        // A type's own text stands for it wherever a text may.
        if (!_flags.SharpV && verb is 'v' or 's' or 'q' or 'x' or 'X' && value.OwnText is { } own)
        {
            Text(own, verb, value);
            return;
        }
        switch (value)
        {
            case BoolValue boolean when verb is 't' or 'v':
                Pad(boolean.Value ? "true" : "false");
                break;
            case IntValue integer:
                Integer(integer.Value < 0, integer.Value < 0 ? 0UL - (ulong)integer.Value : (ulong)integer.Value, verb, value);
                break;
            case UintValue integer:
                Integer(false, integer.Value, verb, value);
                break;
            case FloatValue floating:
                Float(floating.Value, verb, value);
                break;
            case ComplexValue complex:
                Complex(complex, verb);
                break;
            case StringValue text:
                Text(text.Value, verb, value);
                break;
            case ListValue list when verb != 'p':
                List(list, verb, depth);
                break;
            case MapValue map when verb != 'p':
                Map(map, verb, depth);
                break;
            case ObjectValue fields when verb != 'p':
                if (fields.Type.IsPointer)
                    output.Append('&');
                Fields(fields, verb, depth);
                break;
            case FunctionValue when verb is 'v' or 'p':
                output.Append("0x0");
                break;
            default:
                if (value.OwnText is { } only && verb == 'v')
                    Pad(only);
                else
                    BadVerb(value, verb);
                break;
        }
    }

    private void List(ListValue list, char verb, int depth)
    {
        if (_flags.SharpV)
            output.Append(list.Type.Name);
        if (_flags.SharpV && list.IsNil)
        {
            output.Append("(nil)");
            return;
        }
        output.Append(_flags.SharpV ? '{' : '[');
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (i > 0)
                output.Append(_flags.SharpV ? ", " : " ");
            Value(list.Items[i], verb, depth + 1);
        }
        output.Append(_flags.SharpV ? '}' : ']');
    }

    private void Map(MapValue map, char verb, int depth)
    {
        if (_flags.SharpV && map.IsNil)
        {
            output.Append(map.Type.Name).Append("(nil)");
            return;
        }
        output.Append(_flags.SharpV ? map.Type.Name + "{" : "map[");
        var first = true;
        foreach (var (key, value) in map.Entries)
        {
            if (!first)
                output.Append(_flags.SharpV ? ", " : " ");
            first = false;
            Text(key, verb, map);
            output.Append(':');
            Value(value, verb, depth + 1);
        }
        output.Append(_flags.SharpV ? '}' : ']');
    }

    private void Fields(ObjectValue value, char verb, int depth)
    {
        if (_flags.SharpV)
            output.Append(value.Type.Name.TrimStart('*'));
        output.Append('{');
        for (var i = 0; i < value.Fields.Count; i++)
        {
            if (i > 0)
                output.Append(_flags.SharpV ? ", " : " ");
            if (_flags.PlusV || _flags.SharpV)
                output.Append(value.Type.Fields[i].Name).Append(':');
            Value(value.Fields[i], verb, depth + 1);
        }
        output.Append('}');
    }

    private void BadVerb(TemplateValue value, char verb)
    {
        output.Append("%!").Append(verb).Append('(');
        if (value is NilValue)
        {
            output.Append("<nil>");
        }
        else
        {
            var flags = _flags;
            output.Append(value.Type.Name).Append('=');
            _flags = default;
            if (value is OpaqueValue<object> || verb == 'v')
                output.Append(value.Type.Name);
            else
                Value(value, 'v', 0);
            _flags = flags;
        }
        output.Append(')');
    }

    private void Pad(ReadOnlySpan<char> text)
    {
        if (_flags.Width is not { } width || width <= Runes(text))
        {
            output.Append(text);
            return;
        }
        var missing = width - Runes(text);
        if (_flags.Minus)
            output.Append(text).Append(' ', missing);
        else
            output.Append(_flags.Zero ? '0' : ' ', missing).Append(text);
    }

    private static int Runes(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }
}
