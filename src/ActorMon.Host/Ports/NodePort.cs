using System.Diagnostics;
using ActorMon.Api.Ports;
using ActorMon.Host.Configuration;
using ActorMon.Host.Node;
using Microsoft.Extensions.Hosting;

namespace ActorMon.Host.Ports;

/// <summary>What the node says of itself to the API, and what may be asked of it.</summary>
public sealed class NodePort(
    NodeOptions options, ConfigurationService configuration, Func<CancellationToken, Task<string?>> reload, NodeReadiness readiness, NodeStop stop, IHostApplicationLifetime lifetime,
    TimeProvider time, DateTimeOffset startTime) : INodePort
{
    public bool IsReady => readiness.IsReady && !IsStopping;

    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    public string ConfigYaml => configuration.Yaml;

    public IEnumerable<KeyValuePair<string, string>> Flags => options.Flags.Effective();

    public BuildStatus Build => BuildFacts.Current;

    public Task<string?> ReloadAsync(CancellationToken cancellation) => reload(cancellation);

    public bool? RequestQuit(string how) => how.Length == 0 ? stop.Request() : NodeStop.KindOf(how) is { } kind ? stop.Request(kind) : null;

    public string? PoolYaml(string pool) => configuration.PoolYaml(pool);

    public ReplayStatus Replay => readiness.Replay;

    public RuntimeStatus Runtime()
    {
        using var process = Process.GetCurrentProcess();
        return new RuntimeStatus(
            startTime, Environment.CurrentDirectory, Environment.MachineName, time.GetUtcNow(), configuration.LastReloadSuccessful, configuration.LastSuccess,
            readiness.Corruptions, process.Threads.Count, Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            RetentionSettings.Text(RetentionSettings.PolicyOf(options, configuration.Current.Storage)));
    }
}
