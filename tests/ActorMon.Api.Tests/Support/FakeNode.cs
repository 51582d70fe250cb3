using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Relabelling;

namespace ActorMon.Api.Tests.Support;

/// <summary>A node whose state a test sets.</summary>
internal sealed class FakeNode : INodePort, ITargetsPort
{
    public bool IsReady { get; set; } = true;
    public bool IsStopping { get; set; }
    public string? ReloadError { get; set; }
    public int Reloads { get; private set; }
    /// <summary>What other nodes did not tell.</summary>
    public IReadOnlyList<string> Missing { get; set; } = [];
    public List<ActiveTarget> ActiveTargets { get; } = [];
    public List<DroppedTarget> DroppedTargets { get; } = [];
    public string ConfigYaml => "global:\n  scrape_interval: 15s\n";
    public IReadOnlyList<string> Pools { get; } = ["a", "b"];
    public BuildStatus Build { get; } = new("1.2.3", "abc", "main", "me", "today", ".NET");
    public IEnumerable<KeyValuePair<string, string>> Flags { get; } = [new("web.b", "2"), new("web.a", "1")];

    public ReplayStatus Replay { get; set; } = new(3, 4);
    public List<TargetFamilies> TargetFamilies { get; } = [];
    public List<RelabelRule> Rules { get; } = [];

    private bool _quitting;

    public string? PoolYaml(string pool) => pool == "a" ? "job_name: a\n" : null;

    public Task<string?> ReloadAsync(CancellationToken cancellation)
    {
        Reloads++;
        return Task.FromResult(ReloadError);
    }

    public bool? RequestQuit(string how)
    {
        if (how is not ("" or "restart" or "hand-over"))
            return null;
        var first = !_quitting;
        _quitting = true;
        return first;
    }

    public RuntimeStatus Runtime() => new(
        DateTimeOffset.UnixEpoch, "/data", "host", DateTimeOffset.UnixEpoch.AddSeconds(90.5), true, DateTimeOffset.UnixEpoch.AddSeconds(1), 0, 12, 4, 1 << 30, "15d");

    public ValueTask<Partial<KnownTargets>> TargetsAsync(CancellationToken cancellation) => ValueTask.FromResult(new Partial<KnownTargets>(
        new KnownTargets(ActiveTargets, DroppedTargets, Pools.ToDictionary(p => p, p => DroppedTargets.Count(d => d.Job == p))), Missing));

    public ValueTask<Partial<IReadOnlyList<TargetFamilies>>> FamiliesAsync(CancellationToken cancellation) =>
        ValueTask.FromResult(new Partial<IReadOnlyList<TargetFamilies>>(TargetFamilies, Missing));

    public IReadOnlyList<RelabelRule>? RelabelRules(string pool) => pool == "a" ? Rules : null;

    public static ActiveTarget Target(string job, string address, TargetHealth health = TargetHealth.Up, string error = "") => new(
        job, LabelSet.Of("__address__", address, "job", job), LabelSet.Of("instance", address, "job", job), $"http://{address}/metrics", error,
        health == TargetHealth.Unknown ? null : DateTimeOffset.UnixEpoch.AddMilliseconds(1500), TimeSpan.FromMilliseconds(25), health, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(10))
    {
        GlobalUrl = $"http://outside/{address}",
    };
}
