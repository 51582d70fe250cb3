namespace ActorMon.Configuration.Units;

/// <summary>An address of a host and a port with a colon between them; an IPv6 host stands in brackets.</summary>
internal static class HostPort
{
    /// <summary>What is wrong with the address in the original's words, or null.</summary>
    public static string? Problem(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || (text.StartsWith('[') && text.EndsWith(']')))
            return $"address {text}: missing port in address";
        if (text.StartsWith('[') ? !text[..colon].EndsWith(']') : text[..colon].Contains(':', StringComparison.Ordinal))
            return $"address {text}: too many colons in address";
        return colon == text.Length - 1 ? $"address \"{text}\": port cannot be empty" : null;
    }
}
