using ActorMon.Api.Ports;
using ActorMon.PromQL.Results;
using ActorMon.Protocol.Facts;
using ActorMon.Replication.Map;
using Google.Protobuf;

namespace ActorMon.Host.Cluster.Facts;

/// <summary>Queries that run or wait: a node's part, and all parts as one.</summary>
public static class QueryFacts
{
    public static QueriesOfNode Of(NodeIncarnation self, IReadOnlyList<RunningQuery> queries)
    {
        var told = new QueriesOfNode { Node = UnsafeByteOperations.UnsafeWrap(self.Node.Value.ToByteArray(bigEndian: true)), Incarnation = self.Incarnation };
        foreach (var query in queries)
        {
            var request = query.Request;
            told.Queries.Add(new QueryRow
            {
                Number = query.Id,
                Text = FactTexts.Bytes(request.Text),
                Running = query.IsRunning,
                Started = query.Started.ToUnixTimeMilliseconds(),
                Age = query.Age.Ticks,
                Timeout = query.Timeout.Ticks,
                Start = request.Start,
                End = request.IsInstant ? request.Start : request.End,
                Step = request.StepMs,
                Client = FactTexts.Bytes(request.Origin?.ClientIp ?? ""),
                Path = FactTexts.Bytes(request.Origin?.Path ?? ""),
            });
        }
        return told;
    }

    /// <summary>The oldest first.</summary>
    public static IReadOnlyList<ClusterQuery> Merge(IReadOnlyList<QueriesOfNode> nodes) =>
    [
        .. nodes.SelectMany(node => node.Queries, (node, row) => new ClusterQuery(
                new QueryId(node.Incarnation, row.Number), new Guid(node.Node.Span, bigEndian: true).ToString(), row.Text.Text(), row.Running,
                DateTimeOffset.FromUnixTimeMilliseconds(row.Started), new TimeSpan(row.Age), new TimeSpan(row.Timeout), row.Start, row.End, row.Step, row.Client.Text(), row.Path.Text()))
            .OrderBy(query => query.Started).ThenBy(query => query.Id.Incarnation).ThenBy(query => query.Id.Number),
    ];
}
