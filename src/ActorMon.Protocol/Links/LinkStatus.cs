namespace ActorMon.Protocol.Links;

/// <summary>How a call ended. The numbers travel in answers.</summary>
public enum LinkStatus : byte
{
    /// <summary>The operation answers; its frames follow.</summary>
    Ok = 0,

    /// <summary>The request is not what the operation expects, or too large. Asking again is of no use.</summary>
    Malformed = 1,

    /// <summary>Another cluster, P, hash or wire version, or another incarnation than the one asked for.</summary>
    WrongNode = 2,

    /// <summary>The peer is older and does not know the operation.</summary>
    UnknownOperation = 3,

    /// <summary>Too many requests of this node are open there, or a queue is full. Try again later.</summary>
    Busy = 4,

    /// <summary>The peer does not hold what was asked for, or not in that epoch; its map version says whether it knows better.</summary>
    NotHeld = 5,

    /// <summary>The operation failed in the peer; its log has more.</summary>
    Failed = 6,

    /// <summary>Found by this side: there was no connection, or it broke before the answer began.</summary>
    Unreachable = 100,

    /// <summary>Found by this side: the deadline passed before the answer began.</summary>
    TimedOut = 101,
}
