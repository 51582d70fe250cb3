using ActorMon.Configuration.Model;
using ActorMon.Configuration.Schema;
using ActorMon.Discovery;

namespace ActorMon.Configuration.Loading;

/// <summary>Tells about keys that are accepted and checked, but change nothing in this version.</summary>
internal static class IdleKeys
{
    public static void Warn(ConfigSection top, IReadOnlyList<ConfiguredJob> jobs, ReadContext context)
    {
        if (top.Section("runtime") is { } runtime && runtime.IsWritten("gogc"))
            context.Warn(runtime, "gogc", "gogc tunes the Go runtime and has no effect here");
        if (top.Section("storage")?.Section("tsdb") is { } tsdb && tsdb.Section("chunk_encoding") is { } encoding && encoding.IsWritten("floats"))
            context.Warn(encoding, "floats", "this storage chooses the encoding of each chunk by itself");
        foreach (var job in jobs)
            foreach (var mechanism in job.Discovery.OfType<DeclaredSdConfig>().Select(d => d.Name).Distinct())
                if (context.Warnings.Count < ReadContext.MaxErrors)
                    context.Warnings.Add(new ConfigWarning(job.File, job.Line, $"{mechanism}_sd_configs",
                        $"job {job.Job.Name}: {mechanism} discovery is validated, but this version may not run it"));
    }
}
