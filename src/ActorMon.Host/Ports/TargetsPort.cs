using ActorMon.Actors.Control;
using ActorMon.Actors.Facts;
using ActorMon.Actors.Scraping;
using ActorMon.Api.Ports;
using ActorMon.Host.Cluster.Facts;
using ActorMon.Model.Reading;
using ActorMon.Model.Relabelling;
using ActorMon.Protocol.Facts;

namespace ActorMon.Host.Ports;

/// <summary>The API's view of the target boards of all nodes: each target is on one of them.</summary>
public sealed class TargetsPort : ITargetsPort
{
    private readonly ConfigurationStore _configuration;
    private readonly FactTopic<NoQuestion, TargetsOfNode> _targets;
    private readonly FactTopic<NoQuestion, FamiliesOfNode> _families;

    /// <param name="globalUrl">How this node's targets are seen from outside.</param>
    public TargetsPort(TargetBoard board, ConfigurationStore configuration, ClusterFacts facts, Func<string, string> globalUrl)
    {
        _configuration = configuration;
        _targets = facts.Add<NoQuestion, TargetsOfNode>(
            "targets", (_, _) => ValueTask.FromResult(TargetFacts.Of(board, _configuration.Current.Jobs.Select(j => j.Job.Name), globalUrl)));
        _families = facts.Add<NoQuestion, FamiliesOfNode>("target-families", (_, _) => ValueTask.FromResult(TargetFacts.FamiliesOf(board)));
    }

    public IReadOnlyList<string> Pools => [.. _configuration.Current.Jobs.Select(j => j.Job.Name).Order(StringComparer.Ordinal)];

    public async ValueTask<Partial<KnownTargets>> TargetsAsync(CancellationToken cancellation)
    {
        var (nodes, missing) = await _targets.AskAsync(new NoQuestion(), cancellation);
        return new(TargetFacts.Merge(nodes), missing);
    }

    public async ValueTask<Partial<IReadOnlyList<TargetFamilies>>> FamiliesAsync(CancellationToken cancellation)
    {
        var (nodes, missing) = await _families.AskAsync(new NoQuestion(), cancellation);
        return new(TargetFacts.Merge(nodes), missing);
    }

    public IReadOnlyList<RelabelRule>? RelabelRules(string pool) => _configuration.Current.Find(pool)?.Job.RelabelRules;
}
