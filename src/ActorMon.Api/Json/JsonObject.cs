namespace ActorMon.Api.Json;

/// <summary>One JSON object, field by field in the order of the calls; <see cref="End"/> closes it. A value of any other kind follows <see cref="Name"/>.</summary>
internal readonly struct JsonObject
{
    private readonly JsonOut _json;
    private readonly bool _hasFields;

    private JsonObject(JsonOut json, bool hasFields) => (_json, _hasFields) = (json, hasFields);

    public static JsonObject Begin(JsonOut json)
    {
        json.Raw((byte)'{');
        return new JsonObject(json, false);
    }

    public JsonObject Field(string name, string value)
    {
        var next = Name(name);
        _json.String(value);
        return next;
    }

    public JsonObject Field(string name, long value)
    {
        var next = Name(name);
        _json.Number(value);
        return next;
    }

    /// <param name="value">NaN and infinities become null.</param>
    public JsonObject Field(string name, double value)
    {
        var next = Name(name);
        _json.Number(value);
        return next;
    }

    public JsonObject Field(string name, bool value)
    {
        var next = Name(name);
        _json.Bool(value);
        return next;
    }

    /// <param name="value">Written as RFC 3339; null: never.</param>
    public JsonObject Field(string name, DateTimeOffset? value) => Field(name, Http.TimeText.Rfc3339(value));

    /// <param name="value">Written as RFC 3339; null: the field is not there.</param>
    public JsonObject Optional(string name, DateTimeOffset? value) => value is null ? this : Field(name, value);

    /// <param name="write">Writes a whole JSON value.</param>
    public JsonObject Field<T>(string name, T value, Action<JsonOut, T> write)
    {
        var next = Name(name);
        write(_json, value);
        return next;
    }

    public JsonObject List<T>(string name, IReadOnlyList<T> items, Action<JsonOut, T> write, int most = int.MaxValue)
    {
        var next = Name(name);
        JsonList.Write(_json, items, write, most);
        return next;
    }

    /// <summary>The name alone: the caller writes its value.</summary>
    public JsonObject Name(string name)
    {
        if (_hasFields)
            _json.Raw((byte)',');
        _json.Name(name);
        return new JsonObject(_json, true);
    }

    public void End() => _json.Raw((byte)'}');
}

internal static class JsonList
{
    /// <param name="most">Further items are left out.</param>
    public static void Write<T>(JsonOut json, IReadOnlyList<T> items, Action<JsonOut, T> write, int most = int.MaxValue)
    {
        json.Raw((byte)'[');
        for (var i = 0; i < Math.Min(most, items.Count); i++)
        {
            if (i > 0)
                json.Raw((byte)',');
            write(json, items[i]);
        }
        json.Raw((byte)']');
    }
}
