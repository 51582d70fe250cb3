namespace ActorMon.Http;

/// <summary>Checks header text that comes from files and settings: a line break in it would start a header, or a request, of its own.</summary>
internal static class HeaderText
{
    public static string Name(string name)
    {
        foreach (var c in name)
            if (c is <= ' ' or >= (char)127 or ':')
                throw new HttpTransportException($"net/http: invalid header field name \"{name}\"");
        return name;
    }

    public static string Value(string name, string value)
    {
        foreach (var c in value)
            if ((c < ' ' && c != '\t') || c == (char)127)
                throw new HttpTransportException($"net/http: invalid header field value for \"{name}\"");
        return value;
    }
}
