using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Series;

namespace ActorMon.Actors.Reading;

/// <summary>Where copies in sync are, as reads look at it; one immutable state, any thread.</summary>
public sealed class ReadPlacement
{
    private readonly bool[] _here;
    private readonly IReadOnlyList<LinkPeer>[] _elsewhere;

    /// <param name="here">By partition: this node's copy is in sync.</param>
    /// <param name="elsewhere">By partition: other nodes whose copies are.</param>
    public ReadPlacement(bool[] here, IReadOnlyList<LinkPeer>[] elsewhere)
    {
        _here = here;
        _elsewhere = elsewhere;
        IsAllHere = !here.AsSpan().Contains(false);
    }

    /// <summary>Nobody else need be asked.</summary>
    public bool IsAllHere { get; }

    public bool IsHere(PartitionId partition) => _here[partition.Value];

    public IReadOnlyList<LinkPeer> Elsewhere(PartitionId partition) => _elsewhere[partition.Value];

    public static ReadPlacement Of(IReplicaHolders holders, int partitions)
    {
        var here = new bool[partitions];
        var elsewhere = new IReadOnlyList<LinkPeer>[partitions];
        for (var p = 0; p < partitions; p++)
        {
            var inSync = holders.Of(new PartitionId(p)).Holders.Where(holder => holder.InSync);
            here[p] = inSync.Any(holder => holder.Peer is null);
            elsewhere[p] = [.. inSync.Where(holder => holder.Peer is not null).OrderBy(holder => holder.Slot).Select(holder => holder.Peer!)];
        }
        return new ReadPlacement(here, elsewhere);
    }
}

/// <summary>The newest state, made once a version of the map.</summary>
public sealed class ReadPlacements
{
    private readonly IReplicaHolders _holders;
    private readonly int _partitions;
    private ReadPlacement? _current;

    /// <param name="gate">What the copies of this node are worth.</param>
    public ReadPlacements(IReplicaHolders holders, IReadGate gate, int partitions)
    {
        Gate = gate;
        _holders = holders;
        _partitions = partitions;
        holders.Changed += () => Volatile.Write(ref _current, null);
    }

    public IReadGate Gate { get; }

    /// <summary>Every partition is here, and complete: nobody else need be asked.</summary>
    public bool IsAllHere => Current.IsAllHere && Gate.AllComplete;

    public ReadPlacement Current
    {
        get
        {
            if (Volatile.Read(ref _current) is { } known)
                return known;
            var version = _holders.Version;
            var made = ReadPlacement.Of(_holders, _partitions);
            Volatile.Write(ref _current, made);
            // A map that came while this was made has cleared too early: the next reader makes it again.
            if (_holders.Version != version)
                Volatile.Write(ref _current, null);
            return made;
        }
    }
}
