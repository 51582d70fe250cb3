namespace ActorMon.Protocol.Links.Reading;

/// <summary>Kinds of frames of an answer; part of the wire format. A reader passes over kinds that it does not know.</summary>
public static class ReadFrameKinds
{
    /// <summary>The first: which of the partitions asked for are not read here.</summary>
    public const byte Head = 1;

    /// <summary>Series with or without samples.</summary>
    public const byte Series = 2;
    public const byte Texts = 3;
    public const byte Metadata = 4;
    public const byte Exemplars = 5;
    public const byte Newest = 6;

    /// <summary>Texts, behind everything else: what of the samples the node itself has lost.</summary>
    public const byte Warnings = 7;

    /// <summary>Computed parts of a query.</summary>
    public const byte Fragments = 8;

    /// <summary>Writers begin another frame from so many bytes on.</summary>
    public const int FullBytes = 256 << 10;
}
