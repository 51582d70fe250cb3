using System.Globalization;
using System.Text;
using ActorMon.Model.Text;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Time;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Functions;

/// <summary>Values as Go's json.Marshal writes them: keys sorted, &lt; &gt; &amp; as escapes, times in RFC 3339.</summary>
internal static class GoJson
{
    private const string TimeLayout = "2006-01-02T15:04:05.999999999Z07:00";

    /// <param name="value">Any value.</param>
    /// <param name="text">Empty; takes the JSON.</param>
    public static FunctionResult Marshal(TemplateValue value, LimitedText text) =>
        Write(value, text) is { } error ? FunctionResult.Fail(error) : text.ToString();

    /// <summary>Writes a value; the error's text, or null.</summary>
    private static string? Write(TemplateValue value, LimitedText to)
    {
        if (!StackRoom.IsLeft)
            TemplateFailure.Throw(TemplateErrorKind.Limit, "template value nests too deeply for JSON");
        switch (value)
        {
            case NilValue or ListValue { IsNil: true } or MapValue { IsNil: true }:
                to.Append("null");
                return null;
            case BoolValue boolean:
                to.Append(boolean.Value ? "true" : "false");
                return null;
            case IntValue integer:
                to.Append(integer.Value.ToString(CultureInfo.InvariantCulture));
                return null;
            case UintValue integer:
                to.Append(integer.Value.ToString(CultureInfo.InvariantCulture));
                return null;
            case FloatValue floating:
                if (!double.IsFinite(floating.Value))
                    return $"json: unsupported value: {GoFloat.FormatG(floating.Value)}";
                to.Append(GoJsonText.OfNumber(floating.Value));
                return null;
            case StringValue text:
                Quote(text.Value, to);
                return null;
            case OpaqueValue<GoTime> time:
                Quote(GoTimeLayout.Format(time.Value, TimeLayout), to);
                return null;
            case ListValue list:
                return Items(list, to);
            case MapValue map:
                return Members(map.Entries, to);
            case ObjectValue fields:
                return Members(fields.Type.Fields.Select((f, i) => KeyValuePair.Create(f.JsonName ?? f.Name, fields.Fields[i])), to);
            default:
                return $"json: unsupported type: {value.Type}";
        }
    }

    private static string? Items(ListValue list, LimitedText to)
    {
        to.Append('[');
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (i > 0)
                to.Append(',');
            if (Write(list.Items[i], to) is { } error)
                return error;
        }
        to.Append(']');
        return null;
    }

    private static string? Members(IEnumerable<KeyValuePair<string, TemplateValue>> members, LimitedText to)
    {
        to.Append('{');
        var first = true;
        foreach (var (name, value) in members)
        {
            if (!first)
                to.Append(',');
            first = false;
            Quote(name, to);
            to.Append(':');
            if (Write(value, to) is { } error)
                return error;
        }
        to.Append('}');
        return null;
    }

    private static void Quote(string text, LimitedText to) => to.Append(GoJsonText.AppendQuoted(new StringBuilder(text.Length + 2), text).ToString());
}
