using Akka.Actor;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Series;

/// <summary>One Ingest request on its way: results by place, and how many are open.</summary>
public sealed class IngestRequest(IActorRef requester, long correlation, int batches)
{
    private readonly BatchResult[] _results = new BatchResult[batches];
    private int _open = batches;

    /// <summary>Sets one result; when it was the last, answers the requester.</summary>
    public void Settle(int index, BatchResult result)
    {
        _results[index] = result;
        if (--_open == 0)
            requester.Tell(new Ingested(correlation, _results));
    }
}
