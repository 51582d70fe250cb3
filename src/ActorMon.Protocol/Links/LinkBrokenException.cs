namespace ActorMon.Protocol.Links;

/// <summary>A body that cannot be read to its end: cut off, damaged, too large, too late, or given up by the other side. The text says which.</summary>
public sealed class LinkBrokenException(string message, Exception? inner = null) : IOException(message, inner);
