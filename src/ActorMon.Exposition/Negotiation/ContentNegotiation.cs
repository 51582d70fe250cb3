using ActorMon.Model.Names;

namespace ActorMon.Exposition.Negotiation;

/// <summary>Chooses the Content-Type of an exposition by the Accept header (Prometheus' expfmt.NegotiateAccept).</summary>
public static class ContentNegotiation
{
    /// <summary>What a server without OpenMetrics offers.</summary>
    public static IReadOnlyList<string> Classic { get; } = [WireFormat.ProtoDelim, WireFormat.ProtoText, WireFormat.ProtoCompact, WireFormat.Text];

    /// <summary>What this system's own endpoints can write. Text first: who accepts anything (curl, a browser) gets what people read, as from the peers.</summary>
    public static IReadOnlyList<string> Writable { get; } = [WireFormat.Text, WireFormat.OpenMetrics100, WireFormat.OpenMetrics001, WireFormat.ProtoDelim];

    /// <summary>
    /// The first of <paramref name="offered"/> (by preference) that the best clause of the header matches, with its escaping term. Nothing matches: the offered text
    /// format, else the first offered, else text.
    /// </summary>
    public static string Negotiate(string? accept, IReadOnlyList<string> offered, EscapingScheme defaultEscaping = EscapingScheme.Underscores)
    {
        var escaping = defaultEscaping;
        foreach (var clause in AcceptClause.ParseAll(accept ?? ""))
        {
            if (clause.Parameters.TryGetValue("escaping", out var name) && NameEscaping.TryParse(name, out var scheme))
                escaping = scheme;
            foreach (var format in offered)
                if (Matches(clause, format))
                    return With(format, escaping);
        }
        foreach (var format in offered)
            if (WireFormat.KindOf(format) == WireFormatKind.TextPlain)
                return With(format, escaping);
        return With(offered.Count > 0 ? offered[0] : WireFormat.Text, escaping);
    }

    private static string With(string format, EscapingScheme escaping) => $"{format}; escaping={NameEscaping.NameOf(escaping)}";

    private static bool Matches(AcceptClause clause, string format)
    {
        var target = AcceptClause.ParseAll(format)[0];
        if ((clause.Type != "*" && clause.Type != target.Type) || (clause.SubType != "*" && clause.SubType != target.SubType))
            return false;
        if (clause.Type == "*" && clause.SubType == "*")
            return true;
        foreach (var (name, value) in target.Parameters)
        {
            if (name == "charset")
                continue;
            var wanted = clause.Parameters.GetValueOrDefault(name, "");
            if (name == "version" && wanted.Length == 0)
                wanted = clause.Type == "text" ? "0.0.4" : "0.0.1";
            if (wanted != value)
                return false;
        }
        return true;
    }
}
