using ActorMon.Http.Options;

namespace ActorMon.Discovery;

/// <summary>One entry of a <c>*_sd_configs</c> or <c>static_configs</c> list, validated and with its defaults.</summary>
public abstract record SdConfig
{
    /// <summary>The mechanism's name as configuration keys and metrics use it: static, file, dns, kubernetes ...</summary>
    public abstract string Mechanism { get; }
}

/// <summary>All of a job's static_configs: groups with sources "0", "1", ...</summary>
public sealed record StaticSdConfig(IReadOnlyList<TargetGroup> Groups) : SdConfig
{
    public override string Mechanism => "static";
}

/// <summary>file_sd_configs entry: absolute path patterns (the last segment may hold one *), JSON or YAML files.</summary>
public sealed record FileSdConfig(IReadOnlyList<string> Files, TimeSpan RefreshInterval) : SdConfig
{
    public static readonly TimeSpan DefaultRefreshInterval = TimeSpan.FromMinutes(5);

    public override string Mechanism => "file";
}

/// <summary>
/// An entry of a mechanism that is known and validated but that this version does not run (a log line says so at load).
/// <paramref name="Options"/> holds the validated keys by name: string, bool, long, double, TimeSpan, list or map of these.
/// </summary>
public sealed record DeclaredSdConfig(string Name, IReadOnlyDictionary<string, object?> Options, HttpClientOptions? Http) : SdConfig
{
    public override string Mechanism => Name;
}
