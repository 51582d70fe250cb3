using ActorMon.PromQL.Results;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Protocol.Query;

/// <summary>Messages of the query hierarchy: QuerySupervisor (per node: admission) -> QueryActor (one per query, dies with it).</summary>
public static class QueryProtocol
{
    /// <summary>Asks for one query; answered with <see cref="QueryDone"/> in every case. The token ends it when the client goes away.</summary>
    public sealed record RunQuery(QueryRequest Request, TimeSpan Timeout, CancellationToken Cancellation) : INoSerializationVerificationNeeded;

    /// <summary>Asks for the queries that run or wait; answered with <see cref="QueryList"/>.</summary>
    public sealed record ListQueries : INoSerializationVerificationNeeded
    {
        public static readonly ListQueries Instance = new();
    }

    /// <summary>In the order they came in.</summary>
    public sealed record QueryList(IReadOnlyList<RunningQuery> Queries) : INoSerializationVerificationNeeded;

    /// <summary>Ends a query as if its client had gone; answered with <see cref="KillAnswer"/> at once.</summary>
    public sealed record KillQuery(long Id) : INoSerializationVerificationNeeded;

    /// <param name="Found">False: no such query runs or waits.</param>
    public sealed record KillAnswer(bool Found) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    /// <param name="Queued">How long the query waited for a place.</param>
    public sealed record QueryDone(QueryResult Result, TimeSpan Queued) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}
