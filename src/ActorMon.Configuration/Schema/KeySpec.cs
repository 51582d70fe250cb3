namespace ActorMon.Configuration.Schema;

/// <summary>What a key's value is; the .NET type a section holds for it stands behind.</summary>
internal enum KeyKind : byte
{
    /// <summary>string</summary>
    Text,

    /// <summary>string, never printed</summary>
    Secret,

    /// <summary>string, a path joined to the folder of the file that holds it</summary>
    Path,

    /// <summary>string that parses as a URL; a password in it is never printed</summary>
    Url,

    /// <summary>bool</summary>
    Bool,

    /// <summary>bool or null when unset</summary>
    OptionalBool,

    /// <summary>long</summary>
    Integer,

    /// <summary>long, not negative</summary>
    Unsigned,

    /// <summary>ulong</summary>
    Unsigned64,

    /// <summary>double</summary>
    Float,

    /// <summary>TimeSpan</summary>
    Duration,

    /// <summary>TimeSpan written with Go's units (ns ... h) or as a count of nanoseconds</summary>
    GoDuration,

    /// <summary>long, bytes</summary>
    Size,

    /// <summary>List of string, or null when unset</summary>
    TextList,
    SecretList,
    PathList,

    /// <summary>SortedDictionary of string to string, or null</summary>
    TextMap,
    SecretMap,

    /// <summary>As TextMap; names must be label names</summary>
    LabelMap,

    /// <summary>SortedDictionary of string to list of string, or null</summary>
    ListMap,
    SecretListMap,

    /// <summary>A dictionary of any values: null, bool, long, double, string, list or dictionary of these</summary>
    Any,

    /// <summary>One value of the kinds that <see cref="Any"/> holds</summary>
    AnyValue,

    /// <summary>ConfigSection, or null when unset</summary>
    Section,

    /// <summary>List of ConfigSection; a null entry is reported and left out</summary>
    SectionList,

    /// <summary>SortedDictionary of string to ConfigSection, or null</summary>
    SectionMap,
}

/// <summary>One key a section may hold: its type, its default, and how the resolved configuration prints it.</summary>
internal sealed record KeySpec(string Name, KeyKind Kind)
{
    /// <summary>The value of a key that is not written.</summary>
    public object? Default { get; init; }

    /// <summary>Printed even when zero or empty (the peers' omitempty is absent).</summary>
    public bool Always { get; init; }

    /// <summary>Left out of what is printed, although it has a value: that of a key which older tools that read what is printed do not know, when it says nothing.</summary>
    public Func<ConfigSection, object?, bool>? Hides { get; init; }

    /// <summary>Printed in place of a secret.</summary>
    public string Mask { get; init; } = "<secret>";

    /// <summary>Printed on one line: [a, b].</summary>
    public bool Flow { get; init; }

    /// <summary>Of Section, SectionList and SectionMap.</summary>
    public SectionSchema? Schema { get => field ?? LateSchema?.Invoke(); init; }

    /// <summary>In place of <see cref="Schema"/> for a section that holds sections of its own kind.</summary>
    public Func<SectionSchema>? LateSchema { get; init; }

    /// <summary>Of Section: a scalar in its place is the value of this key of it.</summary>
    public string? ScalarKey { get; init; }

    /// <summary>The type's name in the peers' messages: "cannot unmarshal !!seq into TYPE".</summary>
    public string TypeName { get; init; } = "string";

    /// <summary>Refuses a written value: gives the message, or null when it is fine. Null and "" are not asked about unless <see cref="CheckEmpty"/>.</summary>
    public Func<string, string?>? Check { get; init; }

    public bool CheckEmpty { get; init; }

    /// <summary>Message for a null entry of a SectionList.</summary>
    public string NullItem { get; init; } = "empty or null section";
}

/// <summary>Short names for the key specifications that schemas are made of.</summary>
internal static class Key
{
    public static KeySpec Text(string name, string fallback = "", bool always = false) => new(name, KeyKind.Text) { Default = fallback, Always = always };
    public static KeySpec Secret(string name, bool always = false) => new(name, KeyKind.Secret) { Default = "", Always = always, TypeName = "config.plain" };
    public static KeySpec Path(string name, bool always = false) => new(name, KeyKind.Path) { Default = "", Always = always };
    public static KeySpec Url(string name, bool always = false) => new(name, KeyKind.Url) { Default = "", Always = always };
    public static KeySpec Bool(string name, bool fallback = false, bool always = false) => new(name, KeyKind.Bool) { Default = fallback, Always = always, TypeName = "bool" };
    public static KeySpec OptionalBool(string name) => new(name, KeyKind.OptionalBool) { TypeName = "bool" };
    public static KeySpec Integer(string name, long fallback = 0, bool always = false) => new(name, KeyKind.Integer) { Default = fallback, Always = always, TypeName = "int" };
    public static KeySpec Unsigned(string name, long fallback = 0) => new(name, KeyKind.Unsigned) { Default = fallback, TypeName = "uint" };
    public static KeySpec Unsigned64(string name) => new(name, KeyKind.Unsigned64) { Default = 0UL, TypeName = "uint64" };
    public static KeySpec Float(string name) => new(name, KeyKind.Float) { Default = 0.0, TypeName = "float64" };
    public static KeySpec Size(string name) => new(name, KeyKind.Size) { Default = 0L, TypeName = "units.Base2Bytes" };
    public static KeySpec Duration(string name, double seconds = 0, bool always = false) =>
        new(name, KeyKind.Duration) { Default = TimeSpan.FromSeconds(seconds), Always = always };

    public static KeySpec TextList(string name, bool always = false) => new(name, KeyKind.TextList) { Always = always, TypeName = "[]string" };
    public static KeySpec PathList(string name, bool always = false) => new(name, KeyKind.PathList) { Always = always, TypeName = "[]string" };
    public static KeySpec TextMap(string name) => new(name, KeyKind.TextMap) { TypeName = "map[string]string" };
    public static KeySpec LabelMap(string name) => new(name, KeyKind.LabelMap) { TypeName = "model.LabelSet" };
    public static KeySpec Section(string name, SectionSchema schema) => new(name, KeyKind.Section) { Schema = schema };
    public static KeySpec SectionList(string name, SectionSchema schema, string nullItem) => new(name, KeyKind.SectionList) { Schema = schema, NullItem = nullItem };

    /// <summary>Text out of a fixed set.</summary>
    public static KeySpec Choice(string name, string fallback, Func<string, string> unknown, bool always, params string[] allowed) =>
        new(name, KeyKind.Text) { Default = fallback, Always = always, Check = value => Array.IndexOf(allowed, value) < 0 ? unknown(value) : null };
}
