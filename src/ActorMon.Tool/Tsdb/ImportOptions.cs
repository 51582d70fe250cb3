using ActorMon.Model.Labels;
using ActorMon.Model.Time;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Transfer;

namespace ActorMon.Tool.Tsdb;

/// <summary>What every import is told.</summary>
internal static class ImportOptions
{
    public static readonly string[] Flags = ["partitions", "memory"];
    public static readonly string[] Switches = ["quiet/q", "human-readable/r"];

    private const int DefaultMemoryMiB = 512;

    /// <summary>Bytes of samples to hold at once.</summary>
    public static long Memory(CommandArguments given)
    {
        var megabytes = given.Number("memory", DefaultMemoryMiB);
        return megabytes is >= 1 and <= 1 << 20 ? megabytes << 20 : throw new UsageException($"flag '--memory': {megabytes} MiB is not in 1..1048576");
    }

    /// <exception cref="ToolException">The directory cannot be used.</exception>
    public static ImportTarget Target(CommandArguments given, string path)
    {
        int? partitions = null;
        if (given.Has("partitions"))
        {
            var count = given.Number("partitions", 0);
            if (count is < 1 or > 16384 || !System.Numerics.BitOperations.IsPow2(count))
                throw new UsageException($"flag '--partitions': {count} is not a power of two in 1..16384");
            partitions = (int)count;
        }
        var opened = ImportTarget.Open(DiskFiles.Instance, Path.TrimEndingDirectorySeparator(path), partitions);
        return opened.Target ?? throw new ToolException(opened.Error!);
    }

    /// <summary>The length of windows that was asked for, as promtool understands it; null: the import chooses.</summary>
    public static long? WindowLength(CommandArguments given)
    {
        if (given.Last("max-block-duration") is not { } text)
            return null;
        if (!PrometheusDuration.TryParse(text, out var duration, out var error))
            throw new UsageException($"flag '--max-block-duration': {error}");
        return ImportWindows.LengthUpTo((long)duration.TotalMilliseconds);
    }

    /// <summary>Labels that every series gets.</summary>
    public static IReadOnlyList<Label> Labels(CommandArguments given)
    {
        var labels = new List<Label>();
        foreach (var text in given.All("label"))
        {
            var parts = text.Split('=', 2);
            if (parts.Length != 2 || parts[0].Length == 0)
                throw new UsageException($"flag '--label': expected KEY=VALUE got '{text}'");
            labels.Add(new Label(parts[0], parts[1]));
        }
        return labels;
    }
}
