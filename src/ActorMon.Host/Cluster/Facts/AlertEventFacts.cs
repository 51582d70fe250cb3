using ActorMon.Actors.Alerting;
using ActorMon.Alerting.History;
using ActorMon.Protocol.Facts;

namespace ActorMon.Host.Cluster.Facts;

/// <summary>What happened to alerts: a node's part, and all parts as one.</summary>
public static class AlertEventFacts
{
    public static AlertEventsQuestion Question(HistoryQuery query)
    {
        var question = new AlertEventsQuestion { From = AlertGroupFacts.Wire(query.From), To = AlertGroupFacts.Wire(query.To), Limit = query.Limit };
        question.Filter.Add(AlertGroupFacts.Wire(query.Filter));
        question.Kinds.Add(query.Kinds.Select(kind => (int)kind));
        return question;
    }

    /// <exception cref="FormatException">A matcher that is none.</exception>
    public static AlertEventsOfNode Of(AlertTrail trail, AlertEventsQuestion question)
    {
        var query = new HistoryQuery(
            AlertGroupFacts.FilterOf(question.Filter), AlertGroupFacts.Time(question.From), AlertGroupFacts.Time(question.To), [.. question.Kinds.Select(kind => (AlertEventKind)kind)], question.Limit);
        var told = new AlertEventsOfNode();
        told.Events.Add(trail.Find(query).Select(AlertEventRows.Of));
        return told;
    }

    /// <summary>Oldest first; the newest when there are more than the limit.</summary>
    public static IReadOnlyList<AlertEvent> Merge(IReadOnlyList<AlertEventsOfNode> nodes, int limit) =>
        [.. nodes.SelectMany(node => node.Events).OrderBy(row => row.At).TakeLast(limit).Select(AlertEventRows.Event)];
}
