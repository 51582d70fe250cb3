using System.Globalization;

namespace ActorMon.Exposition.Negotiation;

/// <summary>One clause of an Accept header. Parameters hold everything but q.</summary>
internal sealed record AcceptClause(string Type, string SubType, double Quality, IReadOnlyDictionary<string, string> Parameters)
{
    // More clauses than any client sends; the rest of a hostile header is not looked at.
    private const int MaxClauses = 64;

    /// <summary>The clauses by falling quality, then the more specific first, then as written. Malformed ones are left out.</summary>
    public static List<AcceptClause> ParseAll(string header)
    {
        var clauses = new List<AcceptClause>();
        foreach (var part in header.Split(','))
        {
            if (clauses.Count == MaxClauses)
                break;
            if (Parse(part) is { } clause)
                clauses.Add(clause);
        }
        return [.. clauses.OrderByDescending(c => c.Quality).ThenBy(c => c.Type == "*").ThenBy(c => c.SubType == "*")];
    }

    private static AcceptClause? Parse(string text)
    {
        var terms = text.Split(';');
        var slash = terms[0].Trim().Split('/');
        if (slash[0].Length == 0 || slash.Length > 2 || (slash.Length == 1 && slash[0] != "*"))
            return null;
        var quality = 1.0;
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i < terms.Length; i++)
        {
            var equal = terms[i].IndexOf('=', StringComparison.Ordinal);
            if (equal < 0)
                continue;
            var name = terms[i][..equal].Trim();
            var value = terms[i][(equal + 1)..].Trim();
            if (name == "q")
                quality = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var q) ? q : 1.0;
            else
                parameters[name] = value;
        }
        return new AcceptClause(slash[0].Trim(), slash.Length == 2 ? slash[1].Trim() : "*", quality, parameters);
    }
}
