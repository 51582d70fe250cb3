using ActorMon.Model.Ingest;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Copies;
using Akka.Actor;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Series;

/// <summary>
/// What one node's IngestLink knows of one partition: its holders, the next batch number and the batches that a holder has not answered, in order. A batch is settled when
/// every required holder has answered; joining ones get it too. It outlives a restart of the actor, because a number must never be given twice: the replica would
/// take the second batch for the first one sent again.
/// </summary>
public sealed class IngestState(PartitionId partition, int maxUnacknowledged)
{
    /// <summary>Layouts of which a joining holder has said too late that it does not know them.</summary>
    private const int MaxLateLayouts = 1024;

    private readonly PendingBatches _pending = new();
    private readonly HashSet<LayoutId> _lateLayouts = [];
    private HolderLink[] _links = [];
    private PartitionHolders? _holders;
    private byte _required;
    private byte _all;
    private bool _isOpen;
    private BatchTerms _terms;
    private long _oldestSeen;

    public PartitionId Partition => partition;

    internal IReadOnlyList<HolderLink> Links => _links;

    public int Unacknowledged => _pending.Count;

    /// <summary>Every required copy can be reached: those of this node serve.</summary>
    public bool IsServed
    {
        get
        {
            foreach (var link in _links)
                if (link.Holder.IsRequired && link.Target is null)
                    return false;
            return _isOpen;
        }
    }

    /// <summary>True when the same batch was the oldest at the last call already: a replica crashed or a message was lost, so it is called again.</summary>
    public bool IsStuck()
    {
        var oldest = _pending.FirstNumber;
        var stuck = oldest != 0 && oldest == _oldestSeen;
        _oldestSeen = oldest;
        return stuck;
    }

    /// <summary>Numbers the batch, keeps it until every holder has answered and hands it to those that are there. False: the queue is full and nothing changed.</summary>
    public bool TrySend(SampleBatch batch, IngestRequest request, int index)
    {
        if (_pending.Count >= maxUnacknowledged && !TryMakeRoom())
            return false;
        // A holder that nobody waits for reads it after the maker has been told.
        var isShared = _all != _required || _links.Length > 1;
        if (isShared)
            batch.Retain();
        _pending.Add(new PendingBatch { Batch = batch, Request = request, Index = index, Owed = _all, IsRetained = isShared });
        foreach (var link in _links)
            link.Send(batch, _terms);
        return true;
    }

    /// <summary>A holder's answer; one that was answered before, or comes from a holder of another time, changes nothing.</summary>
    public void Settle(IActorRef from, Written written)
    {
        if (!_pending.TryFind(written.Number, out var index) || LinkOf(written.Replica.Replica) is not { } link || !from.Equals(link.Target))
            return;
        ref var pending = ref _pending[index];
        if ((pending.Owed & link.Bit) == 0)
            return;
        // Also an answer for another stay: the replica and this link do not go by the same map yet.
        if (written.Outcome == BatchOutcome.NotTaken || written.Stay != link.Holder.Stay)
        {
            pending.Declined |= link.Bit;
            return;
        }
        pending.Owed &= (byte)~link.Bit;
        if (Rank(written.Outcome) > Rank(pending.Outcome))
            (pending.Outcome, pending.Error) = (written.Outcome, written.Error);
        if (pending.Request is null && written.Outcome == BatchOutcome.UnknownLayout && pending.Batch.Columns is { } columns && _lateLayouts.Count < MaxLateLayouts)
            _lateLayouts.Add(columns.Layout);
        Conclude(ref pending);
        RemoveDone();
    }

    /// <summary>A replica of this node takes batches: another session than the last gets everything it owes an answer to, in order. False: nothing is new.</summary>
    public bool Serve(int slot, IActorRef writer, long session)
    {
        if (LinkOf(slot) is not { IsLocal: true } link || (session == link.Session && writer.Equals(link.Target)))
            return false;
        (link.Target, link.Session) = (writer, session);
        SendOwed(link);
        return true;
    }

    /// <summary>A target has stopped; its holder is away until it is there again.</summary>
    internal HolderLink? Lose(IActorRef target)
    {
        foreach (var link in _links)
            if (target.Equals(link.Target))
            {
                link.Target = null;
                return link;
            }
        return null;
    }

    /// <summary>
    /// Goes by other holders: who has left is not waited for any more, who is new gets what is unanswered. Those gone are told to <paramref name="gone"/>.
    /// </summary>
    /// <param name="linkTo">The link to a holder on another node.</param>
    internal void Use(PartitionHolders holders, Func<ReplicaHolder, IActorRef> linkTo, Action<HolderLink> gone)
    {
        if (ReferenceEquals(holders, _holders))
            return;
        _holders = holders;
        var before = _links;
        _links = [.. holders.Holders.Select(holder => LinkFor(holder, before))];
        foreach (var link in before)
            if (!_links.Contains(link))
            {
                Release(link);
                gone(link);
            }
        var hasForgotten = holders.Forgotten > _terms.Forgotten;
        (_all, _required, _isOpen, _terms) = (0, 0, holders.IsOpen, new BatchTerms(holders.Epoch, holders.Forgotten));
        foreach (var link in _links)
        {
            _all |= link.Bit;
            _required |= link.Holder.IsRequired ? link.Bit : (byte)0;
        }
        if (hasForgotten)
            SendByNewTerms(gone);
        foreach (var link in _links)
            if (!before.Contains(link))
                Engage(link, linkTo);
        for (var i = 0; i < _pending.Count; i++)
            Conclude(ref _pending[i]);
        RemoveDone();
    }

    /// <summary>After a restart of the actor the links to other nodes are new ones.</summary>
    internal void Reconnect(Func<ReplicaHolder, IActorRef> linkTo)
    {
        foreach (var link in _links)
            if (!link.IsLocal && link.Target is null)
            {
                link.Target = linkTo(link.Holder);
                SendOwed(link);
            }
    }

    /// <summary>Hands over again what replicas of this node did not take: by now they, or this node's map, may have come further.</summary>
    public void OfferDeclined()
    {
        for (var i = 0; i < _pending.Count; i++)
        {
            ref var pending = ref _pending[i];
            if (pending.Declined == 0)
                continue;
            foreach (var link in _links)
                if ((pending.Declined & pending.Owed & link.Bit) != 0)
                    link.Send(pending.Batch, _terms);
            pending.Declined = 0;
        }
    }

    /// <summary>Who keeps the batch that waits longest, for messages.</summary>
    public string Laggard()
    {
        foreach (var link in _links)
            if (_pending.Count > 0 && (_pending[0].Owed & link.Bit) != 0)
                return link.IsLocal ? $"its replica is {(link.Target is null ? "away" : "behind")}" : $"its copy at {link.Holder.Peer} is behind";
        return "no node holds it";
    }

    /// <summary>
    /// Deletions were forgotten. What was acknowledged before may be what one of them meant: joining holders, who alone are owed it, fetch what is left of it. The rest goes
    /// to other nodes again by the map of now; replicas of this node decline what they find too old and are offered it again.
    /// </summary>
    /// <param name="forget">Told of links that are to forget what they were given.</param>
    private void SendByNewTerms(Action<HolderLink> forget)
    {
        if (_pending.Count == 0)
            return;
        for (var i = 0; i < _pending.Count; i++)
        {
            ref var pending = ref _pending[i];
            if (pending is not { Request: null, Owed: not 0 })
                continue;
            pending.Owed = 0;
            pending.IsAbandoned = true;
        }
        foreach (var link in _links)
            if (!link.IsLocal)
            {
                forget(link);
                SendOwed(link);
            }
    }

    private void Engage(HolderLink link, Func<ReplicaHolder, IActorRef> linkTo)
    {
        for (var i = 0; i < _pending.Count; i++)
        {
            ref var pending = ref _pending[i];
            if (pending.Request is null)
                continue;
            pending.Owed |= link.Bit;
            if (pending.IsRetained)
                continue;
            pending.Batch.Retain();
            pending.IsRetained = true;
        }
        if (link.IsLocal)
            return;
        link.Target = linkTo(link.Holder);
        SendOwed(link);
    }

    private void Release(HolderLink link)
    {
        for (var i = 0; i < _pending.Count; i++)
        {
            ref var pending = ref _pending[i];
            if ((pending.Owed & link.Bit) == 0)
                continue;
            pending.Owed &= (byte)~link.Bit;
            pending.IsAbandoned = true;
        }
    }

    private void SendOwed(HolderLink link)
    {
        for (var i = 0; i < _pending.Count; i++)
            if ((_pending[i].Owed & link.Bit) != 0)
                link.Send(_pending[i].Batch, _terms);
    }

    private void Conclude(ref PendingBatch pending)
    {
        if (pending.Request is not { } request || !_isOpen || (pending.Owed & _required) != 0)
            return;
        pending.Request = null;
        // The joining holder gets the layout anew, as any that lost it.
        if (pending.Outcome == BatchOutcome.Accepted && _lateLayouts.Count > 0 && pending.Batch.Columns is { } columns && _lateLayouts.Remove(columns.Layout))
            pending.Outcome = BatchOutcome.UnknownLayout;
        request.Settle(pending.Index, new BatchResult(pending.Outcome, pending.Error));
    }

    private void RemoveDone()
    {
        while (_pending.Count > 0 && _pending[0] is { Request: null, Owed: 0 })
            RemoveFirst();
    }

    /// <summary>What only joining holders are owed gives way: they fetch it.</summary>
    private bool TryMakeRoom()
    {
        if (_pending[0].Request is not null)
            return false;
        _pending[0].IsAbandoned = true;
        RemoveFirst();
        RemoveDone();
        return true;
    }

    private void RemoveFirst()
    {
        ref var first = ref _pending[0];
        if (first is { IsRetained: true, IsAbandoned: false })
            first.Batch.Release();
        _pending.RemoveFirst();
    }

    private HolderLink LinkFor(ReplicaHolder holder, HolderLink[] known)
    {
        foreach (var link in known)
            if (link.IsSameAs(holder))
            {
                link.Holder = holder;
                return link;
            }
        return new HolderLink(new ReplicaId(partition, holder.Slot), holder);
    }

    private HolderLink? LinkOf(int slot)
    {
        foreach (var link in _links)
            if (link.Holder.Slot == slot)
                return link;
        return null;
    }

    /// <summary>Which outcome tells the writer what it must do: a poison is never sent again, an unknown layout starts a fresh one.</summary>
    private static int Rank(BatchOutcome outcome) => outcome switch
    {
        BatchOutcome.Accepted => 0,
        BatchOutcome.Refused => 1,
        BatchOutcome.Failed => 2,
        BatchOutcome.UnknownLayout => 3,
        _ => 4,
    };
}
