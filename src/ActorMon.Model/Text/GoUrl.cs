using System.Globalization;
using System.Text;

namespace ActorMon.Model.Text;

/// <summary>URLs and their parts as the peers' standard library writes them, for texts that must read the same.</summary>
public static class GoUrl
{
    private const string UnreservedOfQuery = "-_.~";
    private const string UnreservedOfPath = "-_.~$&+,/:;=@";

    /// <summary>scheme://host/path; a part that is empty is left out, the path gets a leading slash.</summary>
    public static StringBuilder Append(StringBuilder into, string scheme, string host, string path)
    {
        if (scheme.Length > 0)
            into.Append(scheme).Append(':');
        into.Append("//").Append(host);
        if (path.Length > 0 && path[0] != '/')
            into.Append('/');
        return AppendPathEscaped(into, path);
    }

    /// <summary>A path, or the part of one, that is not escaped yet.</summary>
    public static StringBuilder AppendPathEscaped(StringBuilder into, string path)
    {
        foreach (var b in ByteText.Encode(path))
            AppendEscaped(into, b, UnreservedOfPath);
        return into;
    }

    /// <summary>One key or value of a query string: blanks become +.</summary>
    public static StringBuilder AppendQueryEscaped(StringBuilder into, string text)
    {
        foreach (var b in ByteText.Encode(text))
            if (b == ' ')
                into.Append('+');
            else
                AppendEscaped(into, b, UnreservedOfQuery);
        return into;
    }

    /// <summary>Joins paths (path.Join): one slash between elements, "." and ".." resolved.</summary>
    /// <returns>An absolute path without a slash at its end; "/" when there is nothing in it.</returns>
    public static string JoinPath(params ReadOnlySpan<string> parts)
    {
        var elements = new List<string>();
        foreach (var part in parts)
            foreach (var element in part.Split('/'))
                switch (element)
                {
                    case "" or ".":
                        break;
                    case "..":
                        if (elements.Count > 0)
                            elements.RemoveAt(elements.Count - 1);
                        break;
                    default:
                        elements.Add(element);
                        break;
                }
        return "/" + string.Join('/', elements);
    }

    private static void AppendEscaped(StringBuilder into, byte b, string unreserved)
    {
        if (char.IsAsciiLetterOrDigit((char)b) || unreserved.Contains((char)b, StringComparison.Ordinal))
            into.Append((char)b);
        else
            into.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
    }
}
