using ActorMon.Api.Ports;

namespace ActorMon.Api.Tests.Support;

/// <summary>A cluster of one node that notes what is asked of it.</summary>
internal sealed class FakeCluster : IClusterPort
{
    public List<ClusterChange> Changes { get; } = [];

    public string? Refusal { get; set; }

    public Task<ClusterStatus> StatusAsync() => Task.FromResult(new ClusterStatus(
        Guid.Empty, "a", true, 7, null, 2, 2, 1, [new ClusterNodeStatus("a", "1", "stopping", "", 1, "x", "y", 7, 2, 2, 1)], [], [], new ClusterConfiguration(1, "h", "a", false, null, 1, null, [])));

    public Task<string?> ChangeAsync(ClusterChange change)
    {
        Changes.Add(change);
        return Task.FromResult(Refusal);
    }
}
