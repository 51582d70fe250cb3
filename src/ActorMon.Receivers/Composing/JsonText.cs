using System.Globalization;
using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Receivers.Composing;

/// <summary>Writes one JSON document in the bytes of Go's encoding/json: members in the order they are written, no blanks, a line break at the end.</summary>
internal sealed class JsonText
{
    private readonly StringBuilder _text = new(1024);
    private bool _follows;

    public static byte[] Object(Action<JsonText> members) => Document(members).ToBytes();

    public static JsonText Document(Action<JsonText> members)
    {
        var json = new JsonText();
        json.Members(members);
        json._text.Append('\n');
        return json;
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    public void Text(string name, string value)
    {
        Name(name);
        Quoted(value);
    }

    /// <summary>Left out when empty.</summary>
    public void TextIfAny(string name, string value)
    {
        if (value.Length > 0)
            Text(name, value);
    }

    public void Number(string name, long value)
    {
        Name(name);
        _text.Append(CultureInfo.InvariantCulture, $"{value}");
        _follows = true;
    }

    public void Flag(string name, bool value)
    {
        Name(name);
        Literal(value ? "true" : "false");
    }

    public void FlagIfTrue(string name, bool value)
    {
        if (value)
            Flag(name, value);
    }

    public void Null(string name)
    {
        Name(name);
        Literal("null");
    }

    public void Object(string name, Action<JsonText> members)
    {
        Name(name);
        Members(members);
    }

    public void Objects<T>(string name, IReadOnlyCollection<T> items, Action<JsonText, T> members)
    {
        Name(name);
        Open('[');
        foreach (var item in items)
        {
            Separate();
            Members(json => members(json, item));
        }
        Close(']');
    }

    public void ObjectsIfAny<T>(string name, IReadOnlyCollection<T> items, Action<JsonText, T> members)
    {
        if (items.Count > 0)
            Objects(name, items, members);
    }

    public void Texts(string name, IReadOnlyCollection<string> items)
    {
        Name(name);
        Open('[');
        foreach (var item in items)
        {
            Separate();
            Quoted(item);
        }
        Close(']');
    }

    public void TextsIfAny(string name, IReadOnlyCollection<string> items)
    {
        if (items.Count > 0)
            Texts(name, items);
    }

    /// <summary>Null, bool, long, double, string, lists and dictionaries of these; dictionaries by the order of their keys' bytes.</summary>
    public void Value(string name, object? value)
    {
        Name(name);
        Value(value);
    }

    public void ValueIfAny(string name, IReadOnlyDictionary<string, object?> map)
    {
        if (map.Count > 0)
            Value(name, map);
    }

    /// <summary>JSON that stands as it is.</summary>
    public void Raw(string name, string json)
    {
        Name(name);
        Literal(json);
    }

    /// <summary>A value alone as a document.</summary>
    public static byte[] OfValue(object? value)
    {
        var json = new JsonText();
        json.Value(value);
        json._text.Append('\n');
        return json.ToBytes();
    }

    private void Value(object? value)
    {
        switch (value)
        {
            case bool flag:
                Literal(flag ? "true" : "false");
                break;
            case long number:
                Literal(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                // JSON has no words for infinities; the original fails the whole notification.
                Literal(double.IsFinite(number) ? GoJsonText.OfNumber(number) : "null");
                break;
            case string text:
                Quoted(text);
                break;
            case IEnumerable<KeyValuePair<string, object?>> map:
                Members(json =>
                {
                    foreach (var (name, member) in map.OrderBy(pair => pair.Key, Comparer<string>.Create(ByteText.Compare)))
                        json.Value(name, member);
                });
                break;
            case IEnumerable<KeyValuePair<string, string>> map:
                Value(map.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value)));
                break;
            case System.Collections.IEnumerable items:
                Open('[');
                foreach (var item in items)
                {
                    Separate();
                    Value(item);
                }
                Close(']');
                break;
            default:
                Literal("null");
                break;
        }
    }

    private void Members(Action<JsonText> members)
    {
        Open('{');
        members(this);
        Close('}');
    }

    private void Name(string name)
    {
        Separate();
        GoJsonText.AppendQuoted(_text, name);
        _text.Append(':');
    }

    private void Separate()
    {
        if (_follows)
            _text.Append(',');
        _follows = false;
    }

    private void Quoted(string text)
    {
        GoJsonText.AppendQuoted(_text, text);
        _follows = true;
    }

    private void Literal(string text)
    {
        _text.Append(text);
        _follows = true;
    }

    private void Open(char bracket)
    {
        _text.Append(bracket);
        _follows = false;
    }

    private void Close(char bracket)
    {
        _text.Append(bracket);
        _follows = true;
    }
}
