namespace ActorMon.Http.Redirects;

/// <summary>Headers that a redirect to another host must not carry along (the list of the peers' HTTP library).</summary>
internal static class SensitiveHeaders
{
    private static readonly string[] Names = ["Authorization", "Www-Authenticate", "Cookie", "Cookie2", "Proxy-Authorization", "Proxy-Authenticate"];

    public static bool Contains(string name)
    {
        foreach (var sensitive in Names)
            if (sensitive.Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }
}
