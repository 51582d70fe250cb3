using ActorMon.Configuration.Loading;
using ActorMon.Configuration.Yaml;

namespace ActorMon.Configuration.Schema;

/// <summary>The file being read, and everything found wrong in it so far.</summary>
internal sealed class ReadContext(string file, string directory, Func<string, string?> environment)
{
    /// <summary>Errors kept; a file that is wrong in more places than this is not a configuration.</summary>
    public const int MaxErrors = 1000;

    public string File { get; } = file;

    /// <summary>Relative paths start here.</summary>
    public string Directory { get; } = directory;

    /// <summary>Keys that no schema knows are passed over; for tools, never for what a server loads.</summary>
    public bool IgnoreUnknownKeys { get; init; }
    public Func<string, string?> Environment { get; } = environment;
    public List<ConfigError> Errors { get; } = [];
    public List<ConfigWarning> Warnings { get; } = [];

    /// <summary>A value that does not fit its key's type, an unknown or a repeated key.</summary>
    public void Mismatch(YamlNode at, string key, string text) => Add(new ConfigError(File, at.Line, key, text, ConfigErrorKind.Shape));

    /// <summary>A rule about a value is broken; silent when the value is already known to be unreadable.</summary>
    public void Error(ConfigSection section, string key, string text)
    {
        var index = section.Schema.IndexOf(key);
        if (section.IsBroken(index))
            return;
        var line = (section.NodeOf(index) ?? section.Node)?.Line ?? 1;
        Add(new ConfigError(File, line, section.Child(key), text, ConfigErrorKind.Rule));
    }

    /// <summary>True when the key's value was already reported.</summary>
    public static bool HasErrors(ConfigSection section, string key) => section.IsBroken(section.Schema.IndexOf(key));

    public void Error(YamlNode at, string key, string text) => Add(new ConfigError(File, at.Line, key, text, ConfigErrorKind.Rule));

    public void Warn(ConfigSection section, string key, string text)
    {
        var line = (section.NodeOf(section.Schema.IndexOf(key)) ?? section.Node)?.Line ?? 1;
        Warn(line, section.Child(key), text);
    }

    public void Warn(int line, string key, string text)
    {
        if (Warnings.Count < MaxErrors)
            Warnings.Add(new ConfigWarning(File, line, key, text));
    }

    private void Add(ConfigError error)
    {
        if (Errors.Count < MaxErrors)
            Errors.Add(error);
    }
}
