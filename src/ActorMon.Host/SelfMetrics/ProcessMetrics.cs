using System.Diagnostics;
using System.Runtime.InteropServices;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Telemetry;

namespace ActorMon.Host.SelfMetrics;

/// <summary>process_* under the names every client library uses, and dotnet_* for the runtime.</summary>
public static class ProcessMetrics
{
    public static void Register(MetricRegistry registry, DateTimeOffset startTime)
    {
        var process = Process.GetCurrentProcess();
        registry.Gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.", () => startTime.ToUnixTimeMilliseconds() / 1000.0);
        registry.Counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.", () =>
        {
            process.Refresh();
            return process.TotalProcessorTime.TotalSeconds;
        });
        registry.Gauge("process_resident_memory_bytes", "Resident memory size in bytes.", () =>
        {
            process.Refresh();
            return process.WorkingSet64;
        });
        registry.Gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.", () => process.VirtualMemorySize64);
        registry.Gauge("process_open_fds", "Number of open file descriptors.", OpenFiles);
        registry.Gauge("process_max_fds", "Maximum number of open file descriptors.", MaxFiles);
        registry.Counter("process_network_receive_bytes_total", "Number of bytes received by the process over the network.", () => NetworkBytes(column: 0));
        registry.Counter("process_network_transmit_bytes_total", "Number of bytes sent by the process over the network.", () => NetworkBytes(column: 8));
        registry.Gauge("dotnet_gc_heap_bytes", "Bytes in use on the managed heap.", () => GC.GetTotalMemory(false));
        registry.Counter("dotnet_gc_allocated_bytes_total", "Bytes allocated on the managed heap.", () => GC.GetTotalAllocatedBytes());
        registry.Counter("dotnet_gc_pause_seconds_total", "Time the process was paused by garbage collections.", () => GC.GetTotalPauseDuration().TotalSeconds);
        registry.Add("dotnet_gc_collections_total", "Garbage collections by generation.", MetricType.Counter, () =>
            Enumerable.Range(0, GC.MaxGeneration + 1).Select(g =>
                new SelfMetric(LabelSet.Of("generation", g.ToString(System.Globalization.CultureInfo.InvariantCulture)), GC.CollectionCount(g))));
        registry.Gauge("dotnet_threadpool_threads", "Threads of the thread pool.", () => ThreadPool.ThreadCount);
        registry.Gauge("dotnet_threadpool_queue_length", "Work items waiting for a thread of the pool.", () => ThreadPool.PendingWorkItemCount);
        registry.Counter("dotnet_exceptions_total", "First-chance exceptions thrown.", () => Volatile.Read(ref _exceptions));
        AppDomain.CurrentDomain.FirstChanceException += (_, _) => Interlocked.Increment(ref _exceptions);
    }

    public static void RegisterBuild(MetricRegistry registry, string version, string revision, string branch)
    {
        var labels = LabelSet.Of(
            "version", version, "revision", revision, "branch", branch, "goversion", RuntimeInformation.FrameworkDescription, "goos", "linux",
            "goarch", RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());
        // The program is both.
        foreach (var name in (string[])["prometheus_build_info", "alertmanager_build_info"])
            registry.Add(
                name, "A metric with a constant '1' value labeled by version, revision, branch and runtime of this node.", MetricType.Gauge, () => [new SelfMetric(labels, 1)]);
    }

    private static long _exceptions;

    /// <summary>Sum of a column of /proc/self/net/dev over all interfaces of the process' network namespace, as client libraries count it.</summary>
    private static double NetworkBytes(int column)
    {
        const string file = "/proc/self/net/dev";
        if (!File.Exists(file))
            return double.NaN;
        double sum = 0;
        foreach (var line in File.ReadLines(file))
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
                && line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is var words && words.Length > column
                && double.TryParse(words[column], System.Globalization.CultureInfo.InvariantCulture, out var bytes))
                sum += bytes;
        return sum;
    }

    private static double OpenFiles()
    {
        const string folder = "/proc/self/fd";
        return Directory.Exists(folder) ? Directory.GetFiles(folder).Length : double.NaN;
    }

    private static double MaxFiles()
    {
        const string file = "/proc/self/limits";
        if (!File.Exists(file))
            return double.NaN;
        foreach (var line in File.ReadLines(file))
            if (line.StartsWith("Max open files", StringComparison.Ordinal)
                && line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 3 } words
                && double.TryParse(words[3], System.Globalization.CultureInfo.InvariantCulture, out var soft))
                return soft;
        return double.NaN;
    }
}
