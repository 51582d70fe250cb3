namespace ActorMon.Configuration.Loading;

public enum ConfigErrorKind : byte
{
    /// <summary>The file cannot be read or is not YAML.</summary>
    File,

    /// <summary>An unknown or repeated key, or a value of the wrong type.</summary>
    Shape,

    /// <summary>A well-formed value that breaks a rule.</summary>
    Rule,
}

/// <summary>One thing wrong in a configuration.</summary>
/// <param name="File">Path of the file, as it was given or found.</param>
/// <param name="Line">From 1; 0 when it is about the whole file.</param>
/// <param name="Key">Dotted path of the key, such as <c>scrape_configs[2].relabel_configs[0].action</c>; "" for the whole file.</param>
/// <param name="Text">What is wrong, in the peers' words where they have any.</param>
public sealed record ConfigError(string File, int Line, string Key, string Text, ConfigErrorKind Kind)
{
    /// <summary>The message the peers print for it: without the key, the line only for errors of shape.</summary>
    public string PeerText => Kind == ConfigErrorKind.Shape
        ? $"parsing YAML file {File}: yaml: unmarshal errors:\n  line {Line}: {Text}"
        : $"parsing YAML file {File}: {Text}";

    public override string ToString() => Place.Of(File, Line, Key) + Text;
}

/// <summary>Something that loads but probably is not what its author meant.</summary>
public sealed record ConfigWarning(string File, int Line, string Key, string Text)
{
    public override string ToString() => Place.Of(File, Line, Key) + Text;
}

/// <summary>The start of a line about a place in a file: <c>file:line: key: </c> without the parts that are not known.</summary>
internal static class Place
{
    public static string Of(string file, int line, string key) =>
        (line > 0 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{file}:{line}: ") : $"{file}: ") + (key.Length > 0 ? key + ": " : "");
}
