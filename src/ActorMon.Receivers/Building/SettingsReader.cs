using ActorMon.Http.Options;
using ActorMon.Receivers.Composing;
using ActorMon.Templates.Notifications;

namespace ActorMon.Receivers.Building;

/// <summary>Reads the keys of one integration, or of a mapping in it, and compiles its texts.</summary>
internal sealed class SettingsReader(IReadOnlyDictionary<string, object?> values, NotificationTemplates templates, string path, Action<string, string> warn)
{
    public string Text(string key) => values.GetValueOrDefault(key) as string ?? "";

    public bool Bool(string key) => values.GetValueOrDefault(key) is true;

    /// <summary>Null: left to its default.</summary>
    public bool? OptionalBool(string key) => values.GetValueOrDefault(key) as bool?;

    public long Integer(string key) => values.GetValueOrDefault(key) is long number ? number : 0;

    public TimeSpan Duration(string key) => values.GetValueOrDefault(key) is TimeSpan span ? span : TimeSpan.Zero;

    public IReadOnlyList<string> Texts(string key) => values.GetValueOrDefault(key) as IReadOnlyList<string> ?? [];

    public IReadOnlyList<TemplatedText> TemplateList(string key) => [.. Texts(key).Select((text, i) => Compile(text, FormattableString.Invariant($"{key}[{i}]")))];

    public TemplatedText Template(string key) => Compile(Text(key), key);

    /// <summary>Values of a map of texts, compiled.</summary>
    public IReadOnlyDictionary<string, TemplatedText> TemplateMap(string key) =>
        values.GetValueOrDefault(key) is IEnumerable<KeyValuePair<string, string>> map
            ? map.ToDictionary(pair => pair.Key, pair => Compile(pair.Value, $"{key}.{pair.Key}"))
            : new Dictionary<string, TemplatedText>();

    /// <summary>A value of any shape; null: it is not set.</summary>
    public TemplatedValue? Value(string key) => values.GetValueOrDefault(key) is { } value ? TemplatedValue.Of(value, text => Compile(text, key)) : null;

    /// <summary>A map with values of any shape.</summary>
    public IReadOnlyDictionary<string, TemplatedValue> Values(string key) =>
        values.GetValueOrDefault(key) is IEnumerable<KeyValuePair<string, object?>> map
            ? map.ToDictionary(pair => pair.Key, pair => TemplatedValue.Of(pair.Value, text => Compile(text, $"{key}.{pair.Key}")))
            : new Dictionary<string, TemplatedValue>();

    /// <summary>A secret and its file beside it.</summary>
    public SecretSource Secret(string key) =>
        Text(key) is { Length: > 0 } inline ? new SecretSource(inline) : Text(key + "_file") is { Length: > 0 } file ? new SecretSource(File: file) : SecretSource.None;

    /// <summary>Null: it is not set.</summary>
    public SettingsReader? Section(string key) =>
        values.GetValueOrDefault(key) is IReadOnlyDictionary<string, object?> section ? new SettingsReader(section, templates, $"{path}.{key}", warn) : null;

    public IReadOnlyList<SettingsReader> Sections(string key) => values.GetValueOrDefault(key) is IEnumerable<object?> items
        ? [.. items.OfType<IReadOnlyDictionary<string, object?>>().Select((item, i) => new SettingsReader(item, templates, FormattableString.Invariant($"{path}.{key}[{i}]"), warn))]
        : [];

    private TemplatedText Compile(string text, string key)
    {
        var compiled = TemplatedText.Of(text, templates);
        if (compiled.Error is { } error)
            warn($"{path}.{key}", error.Message);
        return compiled;
    }
}
