using System.Globalization;

namespace ActorMon.Api.Ports;

/// <summary>Names a query in the whole cluster: the life of the node that runs it and its number there, <c>00c0ffee12345678-17</c>. Never used again.</summary>
public readonly record struct QueryId(ulong Incarnation, long Number)
{
    private const int Digits = 16;

    public static QueryId? Parse(string text) =>
        text.Length > Digits + 1 && text[Digits] == '-'
        && ulong.TryParse(text.AsSpan(0, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var incarnation)
        && long.TryParse(text.AsSpan(Digits + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new QueryId(incarnation, number)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Incarnation:x16}-{Number}");
}

/// <summary>A query that has not been answered yet, at whichever node. Times in Unix ms.</summary>
/// <param name="Node">Id of the node that runs it.</param>
/// <param name="IsRunning">False: it waits for a place.</param>
/// <param name="Age">Since it came in, waiting included.</param>
/// <param name="StepMs">0: an instant query.</param>
/// <param name="Client">"": the node itself.</param>
public sealed record ClusterQuery(
    QueryId Id, string Node, string Text, bool IsRunning, DateTimeOffset Started, TimeSpan Age, TimeSpan Timeout, long Start, long End, long StepMs, string Client, string Path);
