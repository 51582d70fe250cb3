using ActorMon.Configuration.Yaml;

namespace ActorMon.Configuration.Schema;

/// <summary>
/// The values of one mapping by its schema, defaults filled in, with the place of each key that was written. Loading fills and resolves it; afterwards it is
/// only read.
/// </summary>
internal sealed class ConfigSection
{
    private readonly object?[] _values;
    private readonly YamlNode?[] _nodes;
    private readonly bool[] _broken;

    public ConfigSection(SectionSchema schema, string path, YamlNode? node)
    {
        Schema = schema;
        Path = path;
        Node = node;
        _values = new object?[schema.Keys.Count];
        _nodes = new YamlNode?[schema.Keys.Count];
        _broken = new bool[schema.Keys.Count];
        for (var i = 0; i < _values.Length; i++)
            _values[i] = schema.Keys[i].Default;
    }

    public SectionSchema Schema { get; }

    /// <summary>The dotted path of the section in its file, "" at the top.</summary>
    public string Path { get; }
    public YamlNode? Node { get; }

    public object? this[string key]
    {
        get => _values[Schema.IndexOf(key)];
        set => _values[Schema.IndexOf(key)] = value;
    }

    public object? this[int index]
    {
        get => _values[index];
        set => _values[index] = value;
    }

    /// <summary>True when the file wrote the key (even with null).</summary>
    public bool IsWritten(string key) => _nodes[Schema.IndexOf(key)] is not null;

    public YamlNode? NodeOf(int index) => _nodes[index];
    public void Written(int index, YamlNode node) => _nodes[index] = node;

    /// <summary>True when the key's value was already reported as wrong; further complaints about it would only be noise.</summary>
    public bool IsBroken(int index) => _broken[index];
    public void Break(int index) => _broken[index] = true;

    public string Text(string key) => (string)this[key]!;
    public bool Has(string key) => Text(key).Length > 0;
    public bool Bool(string key) => (bool)this[key]!;
    public bool? OptionalBool(string key) => (bool?)this[key];
    public long Integer(string key) => (long)this[key]!;
    public double Float(string key) => (double)this[key]!;
    public TimeSpan Duration(string key) => (TimeSpan)this[key]!;
    public List<string> List(string key) => (List<string>?)this[key] ?? [];
    public SortedDictionary<string, string> Map(string key) => (SortedDictionary<string, string>?)this[key] ?? new(StringComparer.Ordinal);
    public SortedDictionary<string, List<string>> ListMap(string key) => (SortedDictionary<string, List<string>>?)this[key] ?? new(StringComparer.Ordinal);
    public ConfigSection? Section(string key) => (ConfigSection?)this[key];

    /// <summary>The section, or one with nothing but defaults.</summary>
    public ConfigSection SectionOrDefault(string key) => Section(key) ?? new ConfigSection(Schema.Keys[Schema.IndexOf(key)].Schema!, Child(key), null);
    public List<ConfigSection> Sections(string key) => (List<ConfigSection>?)this[key] ?? [];
    public SortedDictionary<string, ConfigSection> SectionMap(string key) => (SortedDictionary<string, ConfigSection>?)this[key] ?? new(StringComparer.Ordinal);

    public string Child(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    /// <summary>True when every value is the zero of its type: what the peers take for an empty entry, and leave out when printing.</summary>
    public bool IsZero()
    {
        for (var i = 0; i < _values.Length; i++)
            if (!IsZeroValue(Schema.Keys[i].Kind, _values[i]))
                return false;
        return true;
    }

    /// <summary>An optional value that is set to false is not zero: the peers hold a pointer.</summary>
    public static bool IsZeroValue(KeyKind kind, object? value) => kind == KeyKind.OptionalBool ? value is null : IsZeroValue(value);

    private static bool IsZeroValue(object? value) => value switch
    {
        null or "" or false or 0L or 0UL or 0.0 => true,
        TimeSpan duration => duration == TimeSpan.Zero,
        System.Collections.ICollection { Count: 0 } => true,
        ConfigSection section => !section.Schema.PrintEmpty && section.IsZero(),
        _ => false,
    };
}
