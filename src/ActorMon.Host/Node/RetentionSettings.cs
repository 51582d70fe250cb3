using ActorMon.Configuration.Model;
using ActorMon.Configuration.Units;
using ActorMon.Model.Time;
using ActorMon.Tsdb.Lifecycle;

namespace ActorMon.Host.Node;

/// <summary>The retention that flags and configuration file ask for together.</summary>
public static class RetentionSettings
{
    /// <summary>When neither file nor flag says how long to keep samples.</summary>
    private static readonly TimeSpan DefaultTime = TimeSpan.FromDays(15);

    /// <summary>The file's value wins over the flag's. Samples are kept for 15 days when neither names a time nor a size; 0 is no bound.</summary>
    public static RetentionPolicy PolicyOf(NodeOptions options, StorageOptions stored)
    {
        var time = stored.RetentionTime ?? options.RetentionTime;
        long? bytes = stored.RetentionSize > 0 ? stored.RetentionSize : options.RetentionBytes is > 0 ? options.RetentionBytes : null;
        double? percentage = stored.RetentionPercentage > 0 ? stored.RetentionPercentage : null;
        if (time is null && bytes is null && percentage is null)
            time = DefaultTime;
        return new RetentionPolicy(time is { Ticks: > 0 } ? time : null, bytes, percentage);
    }

    /// <summary>As Prometheus shows it: <c>15d or 10GiB</c>; empty when nothing is bounded.</summary>
    public static string Text(RetentionPolicy policy)
    {
        var bounds = new List<string>();
        if (policy.Time is { } time)
            bounds.Add(PrometheusDuration.Format(time));
        if (policy.Bytes is { } bytes)
            bounds.Add(ByteSize.Format(bytes));
        if (policy.Percentage is { } percentage)
            bounds.Add($"{percentage}%");
        return string.Join(" or ", bounds);
    }

    /// <summary>
    /// Null: as the time has it. When room alone bounds what is kept, a part of a month could be most of it and would leave whole, so parts are of 54 hours at most.
    /// </summary>
    public static TimeSpan? LongestWindow(RetentionPolicy policy) => policy.Time is null && (policy.Bytes ?? policy.Percentage) is not null ? TimeSpan.FromHours(54) : null;

    /// <summary>Size of the file system that holds a directory; 0: unknown.</summary>
    public static long DiskBytes(string directory)
    {
        try
        {
            return new DriveInfo(directory).TotalSize;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return 0;
        }
    }
}
