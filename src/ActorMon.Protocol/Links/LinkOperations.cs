namespace ActorMon.Protocol.Links;

/// <summary>Names of the operations; part of the wire format.</summary>
public static class LinkOperations
{
    /// <summary>Who are you: cluster, P, versions, addresses. Answers nodes that have no cluster yet.</summary>
    public const string Hello = "hello";

    /// <summary>Sample batches for partitions of the peer.</summary>
    public const string Batches = "batches";

    /// <summary>Series and samples of partitions of the peer.</summary>
    public const string Select = "select";

    /// <summary>Label names and values, series.</summary>
    public const string Labels = "labels";
    public const string Metadata = "metadata";
    public const string Exemplars = "exemplars";

    /// <summary>What nodes know of themselves and of their partitions, by topic.</summary>
    public const string Facts = "facts";
}
