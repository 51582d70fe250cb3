namespace ActorMon.Protocol.Links;

/// <summary>Where a link lives and what its requests and answers carry beside their bodies.</summary>
public static class LinkHeaders
{
    /// <summary>In front of an operation's name.</summary>
    public const string PathPrefix = "/link/v1/";

    /// <summary>Cluster id, or nothing.</summary>
    public const string Cluster = "ActorMon-Cluster";

    /// <summary>P.</summary>
    public const string Partitions = "ActorMon-Partitions";
    public const string HashVersion = "ActorMon-Hash";
    public const string WireVersion = "ActorMon-Wire";

    /// <summary>Node id of who sends.</summary>
    public const string Node = "ActorMon-Node";

    /// <summary>Incarnation of who sends, 16 hexadecimal digits.</summary>
    public const string Incarnation = "ActorMon-Incarnation";

    /// <summary>Incarnation that the request is meant for; absent: any.</summary>
    public const string Addressee = "ActorMon-To";

    /// <summary>Version of the sender's partition map.</summary>
    public const string MapVersion = "ActorMon-Map";

    /// <summary>Number of the answer's <see cref="LinkStatus"/>.</summary>
    public const string Status = "ActorMon-Status";

    public const string ContentType = "application/vnd.actormon.link";
}
