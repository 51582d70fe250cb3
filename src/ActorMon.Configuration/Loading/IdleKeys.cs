using ActorMon.Configuration.Model;
using ActorMon.Configuration.Schema;
using ActorMon.Discovery;

namespace ActorMon.Configuration.Loading;

/// <summary>Tells about keys that are accepted and checked, but change nothing in this version: one warning a key.</summary>
internal static class IdleKeys
{
    /// <summary>Mechanisms that run; the others are only validated.</summary>
    private static readonly string[] Running = ["static", "file"];

    public static void Warn(ConfigSection top, IReadOnlyList<ConfiguredJob> jobs, IReadOnlyList<ConfiguredAlertmanagers> alertmanagers, ReadContext context)
    {
        Idle(top.Section("runtime"), "gogc", "it tunes the Go runtime", context);
        var tsdb = top.Section("storage")?.Section("tsdb");
        Idle(tsdb?.Section("chunk_encoding"), "floats", "this storage chooses the encoding of each chunk by itself", context);
        Idle(tsdb, "stale_series_compaction_threshold", Later, context);
        foreach (var key in (ReadOnlySpan<string>)["remote_write", "remote_read", "tracing", "otlp"])
            Idle(top, key, Later, context);
        foreach (var job in jobs)
            Mechanisms(job.Discovery, $"job {job.Job.Name}", job.File, job.Line, context);
        foreach (var (section, set) in top.SectionOrDefault("alerting").Sections("alertmanagers").Zip(alertmanagers))
            Mechanisms(set.Discovery, "alertmanagers", context.File, section.Node?.Line ?? 1, context);
    }

    private static void Mechanisms(IReadOnlyList<SdConfig> discovery, string owner, string file, int line, ReadContext context)
    {
        foreach (var mechanism in discovery.OfType<DeclaredSdConfig>().Select(d => d.Name).Distinct().Except(Running))
            if (context.Warnings.Count < ReadContext.MaxErrors)
                context.Warnings.Add(new ConfigWarning(file, line, $"{mechanism}_sd_configs", $"{owner}: {mechanism} discovery is checked, but this version does not run it"));
    }

    private const string Later = "the feature behind it is not in this version";

    private static void Idle(ConfigSection? section, string key, string reason, ReadContext context)
    {
        if (section is not null && section.IsWritten(key))
            context.Warn(section, key, $"no effect: {reason}");
    }
}
