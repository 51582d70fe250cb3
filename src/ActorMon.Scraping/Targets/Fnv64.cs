namespace ActorMon.Scraping.Targets;

/// <summary>FNV-1a, 64 bits: the hash behind a target's identity, of which the peer makes it too.</summary>
internal static class Fnv64
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = Offset;
        foreach (var b in bytes)
            hash = (hash ^ b) * Prime;
        return hash;
    }
}
