using ActorMon.Actors.Control;
using ActorMon.Actors.Facts;
using ActorMon.Actors.Rules;
using ActorMon.Api.Ports;
using ActorMon.Host.Cluster.Facts;
using ActorMon.Model.Reading;
using ActorMon.Protocol.Facts;

namespace ActorMon.Host.Ports;

/// <summary>The API's view of the rule boards of all nodes: each group is on one of them.</summary>
public sealed class RulesPort : IRulesPort
{
    private readonly ConfigurationStore _configuration;
    private readonly FactTopic<NoQuestion, RulesOfNode> _rules;
    private readonly FactTopic<HistoryQuestion, HistoryOfNode> _history;

    public RulesPort(RuleBoard board, ConfigurationStore configuration, ClusterFacts facts)
    {
        _configuration = configuration;
        _rules = facts.Add<NoQuestion, RulesOfNode>("rules", (_, _) => ValueTask.FromResult(RuleFacts.Of(board)));
        _history = facts.Add<HistoryQuestion, HistoryOfNode>("alert-history", (question, _) => ValueTask.FromResult(RuleFacts.HistoryOf(board, question)));
    }

    public async ValueTask<Partial<IReadOnlyList<KnownGroup>>> GroupsAsync(CancellationToken cancellation)
    {
        var configured = _configuration.Current.Rules.Groups;
        if (configured.Count == 0)
            return new([], []);
        var (nodes, missing) = await _rules.AskAsync(new NoQuestion(), cancellation);
        return new(RuleFacts.Merge(nodes, configured), RuleFacts.Unevaluated(nodes, configured) is { } warning ? [.. missing, warning] : missing);
    }

    public async ValueTask<Partial<IReadOnlyList<PastTransition>>> HistoryAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var question = new HistoryQuestion { From = from.ToUnixTimeMilliseconds(), To = to.ToUnixTimeMilliseconds() };
        var (nodes, missing) = await _history.AskAsync(question, cancellation);
        return new(RuleFacts.Merge(nodes), missing);
    }
}
