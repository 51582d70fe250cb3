namespace ActorMon.Configuration.Schema;

/// <summary>The keys of one kind of mapping. One schema serves reading, defaults, checks and printing, so that these cannot drift apart.</summary>
/// <param name="typeName">The type's name in the peers' messages: "field x not found in type NAME".</param>
internal sealed class SectionSchema
{
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);

    public SectionSchema(string typeName, params KeySpec[] keys)
    {
        TypeName = typeName;
        Keys = keys;
        for (var i = 0; i < keys.Length; i++)
            _indexes.Add(keys[i].Name, i);
    }

    public string TypeName { get; }
    public IReadOnlyList<KeySpec> Keys { get; }

    /// <summary>Checks of a section by itself, run after all its keys were read.</summary>
    public Action<ConfigSection, ReadContext>? Check { get; init; }

    /// <summary>A section stays in the printed configuration although all its values are zero.</summary>
    public bool PrintEmpty { get; init; }

    public bool TryIndex(string key, out int index) => _indexes.TryGetValue(key, out index);

    public int IndexOf(string key) => _indexes.TryGetValue(key, out var index) ? index : throw new ArgumentException($"{TypeName} has no key {key}", nameof(key));
}
