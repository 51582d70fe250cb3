using System.Diagnostics.CodeAnalysis;
using ActorMon.Configuration.Model;

namespace ActorMon.Configuration.Loading;

/// <summary>A configuration, or everything that is wrong with it (sorted by file and line, at least one); warnings come with both.</summary>
public sealed record ConfigLoadResult(PrometheusConfig? Config, IReadOnlyList<ConfigError> Errors, IReadOnlyList<ConfigWarning> Warnings)
{
    [MemberNotNullWhen(true, nameof(Config))]
    public bool IsLoaded => Config is not null;

    /// <summary>All errors, one a line.</summary>
    public string ErrorText => string.Join('\n', Errors);
}
