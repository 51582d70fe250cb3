using System.Text.Json;
using ActorMon.Exposition.Negotiation;
using ActorMon.Model.Names;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.OpenMetrics;

public class NegotiationConformance
{
    private static readonly string[] WithOpenMetrics =
    [
        WireFormat.OpenMetrics100, WireFormat.OpenMetrics001, WireFormat.ProtoDelim, WireFormat.ProtoText, WireFormat.ProtoCompact, WireFormat.Text,
    ];

    [ConformanceFact]
    public void Negotiates_classic_formats() => Run("negotiate", 9, item =>
        Assert.Equal(Text(item, "expectedFmt"), ContentNegotiation.Negotiate(Text(item, "acceptHeaderValue"), ContentNegotiation.Classic)));

    [ConformanceFact]
    public void Negotiates_with_OpenMetrics() => Run("negotiateIncludingOpenMetrics", 16, item =>
        Assert.Equal(Text(item, "expectedFmt"), ContentNegotiation.Negotiate(Text(item, "acceptHeaderValue"), WithOpenMetrics, EscapingScheme.Values)));

    [ConformanceFact]
    public void Negotiates_among_what_a_server_offers() => Run("negotiateAccept", 8, item =>
    {
        var offered = item.GetProperty("acceptedFormats") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(f => f.GetString()!).ToArray() : [];
        Assert.Equal(Text(item, "expectedFmt"), ContentNegotiation.Negotiate(Text(item, "acceptHeaderValue"), offered, EscapingScheme.Values));
    });

    [ConformanceFact]
    public void Tells_the_kind_of_a_format() => Run("formatType", 15, item => Assert.Equal(Text(item, "expected"), WireFormat.KindOf(Text(item, "format")).ToString()));

    [ConformanceFact]
    public void Tells_the_escaping_of_a_format() => Run("toEscapingScheme", 4, item =>
    {
        // The kit's default where none is named is underscores; values stands for "the configured default" here to tell the two apart.
        var isDefault = Text(item, "expected").StartsWith('(');
        var expected = isDefault ? EscapingScheme.Values : NameEscaping.TryParse(Text(item, "expected"), out var scheme) ? scheme : throw new FormatException();
        Assert.Equal(expected, WireFormat.EscapingOf(Text(item, "format"), isDefault ? EscapingScheme.Values : EscapingScheme.Underscores));
    });

    [ConformanceFact]
    public void Puts_the_escaping_last() => Run("withEscapingScheme", 4, item =>
    {
        Assert.True(NameEscaping.TryParse(Text(item, "scheme"), out var scheme));
        Assert.Equal(Text(item, "expected"), WireFormat.WithEscaping(Text(item, "format"), scheme));
    });

    [ConformanceFact]
    public void Tells_the_format_of_a_response() => Run("responseContentType", 6, item =>
        Assert.Equal(Text(item, "output"), WireFormat.OfResponse(Text(item.GetProperty("input"), "Content-Type"))));

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;

    private static void Run(string group, int count, Action<JsonElement> check)
    {
        var run = new ConformanceRun("openmetrics", "negotiation/" + group);
        foreach (var item in ConformanceData.Json("openmetrics", "expfmt", "negotiation.json").GetProperty(group).EnumerateArray())
            run.Case(item.ToString(), () => check(item));
        run.Finish(count);
    }
}
