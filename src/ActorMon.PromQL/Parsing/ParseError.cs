using System.Globalization;
using ActorMon.PromQL.Ast;

namespace ActorMon.PromQL.Parsing;

/// <summary>One thing wrong with a query.</summary>
/// <param name="Position">Bytes of the query the error is about.</param>
/// <param name="Message">The bare message.</param>
/// <param name="Text">"LINE:COL: parse error: MESSAGE", lines and columns (in bytes) from 1.</param>
public sealed record ParseError(TextRange Position, string Message, string Text)
{
    /// <summary>Errors kept of one query. Users see the first; finding the line of each costs a walk over the text, so their number must have a bound.</summary>
    internal const int MaxKept = 100;

    internal static ParseError At(TextRange position, string message, ReadOnlySpan<byte> query) =>
        new(position, message, $"{Place(position.Start, query)}: parse error: {message}");

    public override string ToString() => Text;

    private static string Place(int start, ReadOnlySpan<byte> query)
    {
        if (query.IsEmpty)
            return "unknown position";
        if (start < 0 || start > query.Length)
            return "invalid position";
        var before = query[..start];
        return string.Create(CultureInfo.InvariantCulture, $"{before.Count((byte)'\n') + 1}:{start - before.LastIndexOf((byte)'\n')}");
    }
}
