namespace ActorMon.Templates.Values;

/// <summary>A list; the type says what its elements are.</summary>
public sealed class ListValue(IReadOnlyList<TemplateValue> items, TemplateType? type = null) : TemplateValue
{
    public IReadOnlyList<TemplateValue> Items => items;

    /// <summary>Go's nil slice: as the empty one, but null in JSON.</summary>
    public bool IsNil { get; init; }

    public override TemplateType Type => type ?? TemplateType.List;
    public override bool IsTrue => items.Count > 0;
    public override int? Length => items.Count;

    /// <summary>A list of texts, type <c>[]string</c> unless another is given.</summary>
    public static ListValue OfTexts(IEnumerable<string> texts, TemplateType? type = null) =>
        new([.. texts.Select(text => (TemplateValue)new StringValue(text))], type ?? TemplateType.Strings);
}

/// <summary>A map with text keys, visited in the order of the keys' bytes.</summary>
public sealed class MapValue : TemplateValue
{
    private readonly SortedDictionary<string, TemplateValue> _entries;
    private readonly TemplateType _type;

    public MapValue(IEnumerable<KeyValuePair<string, TemplateValue>> entries, TemplateType? type = null)
    {
        _type = type ?? TemplateType.Map;
        _entries = new SortedDictionary<string, TemplateValue>(Comparer<string>.Create(Model.Text.ByteText.Compare));
        foreach (var (key, value) in entries)
            _entries[key] = value;
    }

    public IReadOnlyDictionary<string, TemplateValue> Entries => _entries;

    /// <summary>Go's nil map: as the empty one, but null in JSON.</summary>
    public bool IsNil { get; init; }

    public override TemplateType Type => _type;
    public override bool IsTrue => _entries.Count > 0;
    public override int? Length => _entries.Count;

    /// <summary>A map of texts, type <c>map[string]string</c> unless another is given.</summary>
    public static MapValue OfTexts(IEnumerable<KeyValuePair<string, string>> entries, TemplateType? type = null) =>
        new(entries.Select(e => KeyValuePair.Create(e.Key, (TemplateValue)new StringValue(e.Value))), type ?? TemplateType.StringMap);
}

/// <summary>An object of an object type.</summary>
/// <param name="type">Its fields name the values.</param>
/// <param name="fields">One value for each field of the type, in its order.</param>
public sealed class ObjectValue(TemplateType type, IReadOnlyList<TemplateValue> fields) : TemplateValue
{
    public IReadOnlyList<TemplateValue> Fields => fields;
    public override TemplateType Type => type;
    public override bool IsTrue => true;

    /// <summary>The field's value, or null when the type has no such field.</summary>
    public TemplateValue? Field(string name)
    {
        for (var i = 0; i < type.Fields.Count; i++)
            if (type.Fields[i].Name == name)
                return fields[i];
        return null;
    }
}

/// <summary>A caller's own value: its type gives methods and text.</summary>
public sealed class OpaqueValue<T>(T value, TemplateType type) : TemplateValue
{
    public T Value => value;
    public override TemplateType Type => type;
    public override bool IsTrue => true;
}

/// <summary>A function as a value, for <c>call</c>.</summary>
public sealed class FunctionValue(TemplateFunction function) : TemplateValue
{
    private static readonly TemplateType FunctionType = new("func", ValueKind.Function);

    public TemplateFunction Function => function;
    public override TemplateType Type => FunctionType;
    public override bool IsTrue => true;
}
