using System.Reflection;
using System.Runtime.InteropServices;
using ActorMon.Api.Ports;

namespace ActorMon.Host.Node;

/// <summary>What this binary is: the version of the project and, when built from a checkout, the revision (SourceRevisionId of the build).</summary>
public static class BuildFacts
{
    public static BuildStatus Current { get; } = Read();

    /// <summary>As this server names itself in its requests.</summary>
    public static string UserAgent { get; } = "ActorMon/" + Current.Version;

    private static BuildStatus Read()
    {
        var informational = typeof(BuildFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
        var plus = informational.IndexOf('+', StringComparison.Ordinal);
        var version = plus < 0 ? informational : informational[..plus];
        var revision = plus < 0 ? "unknown" : informational[(plus + 1)..];
        return new BuildStatus(version, revision, "main", "", "", RuntimeInformation.FrameworkDescription);
    }
}
