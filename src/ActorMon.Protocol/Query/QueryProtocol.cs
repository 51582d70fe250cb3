using ActorMon.PromQL.Results;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Protocol.Query;

/// <summary>Messages of the query hierarchy: QuerySupervisor (per node: admission) -> QueryActor (one per query, dies with it).</summary>
public static class QueryProtocol
{
    /// <summary>Asks for one query; answered with <see cref="QueryDone"/> in every case. The token ends it when the client goes away.</summary>
    public sealed record RunQuery(QueryRequest Request, TimeSpan Timeout, CancellationToken Cancellation) : INoSerializationVerificationNeeded;

    /// <param name="Queued">How long the query waited for a place.</param>
    public sealed record QueryDone(QueryResult Result, TimeSpan Queued) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}
