using System.Globalization;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;
using ActorMon.Model.Time;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Time;
using ActorMon.Templates.Values;
using static ActorMon.Templates.Values.Define;

namespace ActorMon.Templates.Functions;

/// <summary>The functions of Prometheus' alert and console templates.</summary>
public static class PrometheusFunctions
{
    private const string NilPointer = "runtime error: invalid memory address or nil pointer dereference";
    private const double NanosecondsPerSecond = 1e9;

    private static readonly TemplateType Histogram = new("*histogram.FloatHistogram", ValueKind.Object)
    {
        Text = static value => ((OpaqueValue<NativeHistogram>)value).Value.ToString(),
        Methods = Methods(Method("String", [], static (_, a) => ((OpaqueValue<NativeHistogram>)a[0]).Value.ToString())),
    };

    private static readonly TemplateType Sample = new("*template.sample", ValueKind.Object) { Fields = [new("Labels"), new("Value")] };

    private static readonly TemplateType QueryResult = new("template.queryResult", ValueKind.List, "[]*template.sample", Sample);

    private static readonly TemplateFunction[] Common =
    [
        Function("query", [TemplateType.String], Query),
        Function("first", [QueryResult], static (_, a) => ((ListValue)a[0]).Items is [var first, ..] ? first : FunctionResult.Fail("first() called on vector with no elements")),
        Function("label", [TemplateType.String, Sample], static (_, a) => LabelOf(a[1], Text(a[0]))),
        Function("value", [Sample], static (_, a) => a[0] is ObjectValue sample ? sample.Fields[1] : FunctionResult.Fail(NilPointer)),
        Function("strvalue", [Sample], static (_, a) => LabelOf(a[0], "__value__")),
        Function("sortByLabel", [TemplateType.String, QueryResult], SortByLabel),
        Variadic("args", [TemplateType.Any], Arguments),
        Regexes.Match,
        Regexes.ReplaceAll,
        Function("safeHtml", [TemplateType.String], static (_, a) => new StringValue(Text(a[0]), TemplateType.Html)),
        OnText("title", static text => TitleCase.Of(text, lowersRest: false)),
        OnText("toUpper", static text => text.ToUpperInvariant()),
        OnText("toLower", static text => text.ToLowerInvariant()),
        OnText("graphLink", static expression => $"/graph?g0.expr={Escaping.Query(expression)}&g0.tab=0"),
        OnText("tableLink", static expression => $"/graph?g0.expr={Escaping.Query(expression)}&g0.tab=1"),
        OnText("stripPort", HostText.WithoutPort),
        OnText("stripDomain", HostText.WithoutDomain),
        OnText("urlQueryEscape", Escaping.Query),
        Humanize.Function("humanize", Humanize.Decimal),
        Humanize.Function("humanize1024", Humanize.Binary1024),
        Humanize.Function("humanizeDuration", Humanize.Duration),
        Humanize.Function("humanizePercentage", Humanize.Percentage),
        Humanize.Function("humanizeTimestamp", Humanize.Timestamp),
        Humanize.Function("toTime", static seconds => Humanize.ToTime(seconds, out var error) is { } time ? TimeValues.Of(time) : FunctionResult.Fail(error)),
        Humanize.Function("toDuration", static seconds => TimeValues.OfNanoseconds(Whole(seconds * NanosecondsPerSecond))),
        Function("now", [], static (run, _) => (run.Environment.Now.UnixSeconds * 1000 + (run.Environment.Now.Nanoseconds / 1_000_000)) / 1000.0),
        Function("pathPrefix", [], static (run, _) => HostText.PathOf(run.Environment.ExternalUrl)),
        Function("externalURL", [], static (run, _) => run.Environment.ExternalUrl),
        Function("parseDuration", [TemplateType.String], static (_, a) =>
            PrometheusDuration.TryParseAllowNegative(Text(a[0]), out var duration, out var error) ? duration.TotalSeconds : FunctionResult.Fail(error)),
    ];

    /// <summary>What alert templates may call.</summary>
    public static FunctionTable Alerts { get; } = new(Common);

    /// <summary>What consoles may call: <c>tmpl</c> besides.</summary>
    public static FunctionTable Consoles { get; } = new([.. Common, Function("tmpl", [TemplateType.String, TemplateType.Any], static (run, a) => run.Render(Text(a[0]), a[1]))]);

    /// <summary>A sample's value: a float, or a histogram that prints as its text.</summary>
    public static TemplateValue ValueOf(double value, NativeHistogram? histogram) =>
        histogram is null ? new FloatValue(value) : new OpaqueValue<NativeHistogram>(histogram, Histogram);

    /// <summary>Labels as a map of texts.</summary>
    public static MapValue LabelsOf(LabelSet labels) => MapValue.OfTexts(labels.Select(l => KeyValuePair.Create(l.Name, l.Value)));

    /// <summary>A sample as <c>query</c> gives it.</summary>
    public static TemplateValue SampleOf(QuerySample sample) => new ObjectValue(Sample, [LabelsOf(sample.Labels), ValueOf(sample.Value, sample.Histogram)]);

    private static FunctionResult Query(TemplateRun run, ReadOnlySpan<TemplateValue> arguments)
    {
        var answer = run.Query(Text(arguments[0]));
        if (answer.Error is { } error)
            return FunctionResult.Fail(error);
        run.Charge(answer.Samples.Count);
        return new ListValue([.. answer.Samples.Select(SampleOf)], QueryResult);
    }

    private static FunctionResult LabelOf(TemplateValue sample, string name)
    {
        if (sample is not ObjectValue { Fields: [MapValue labels, ..] })
            return FunctionResult.Fail(NilPointer);
        return labels.Entries.TryGetValue(name, out var value) ? value : StringValue.Empty;
    }

    private static FunctionResult SortByLabel(TemplateRun run, ReadOnlySpan<TemplateValue> arguments)
    {
        var name = Text(arguments[0]);
        var samples = ((ListValue)arguments[1]).Items;
        run.Charge(samples.Count);
        return new ListValue([.. samples.OrderBy(s => Text(LabelOf(s, name).Value), Comparer<string>.Create(ByteText.Compare))], QueryResult);
    }

    private static FunctionResult Arguments(TemplateRun run, ReadOnlySpan<TemplateValue> arguments)
    {
        var named = new Dictionary<string, TemplateValue>(StringComparer.Ordinal);
        foreach (var argument in arguments)
            named["arg" + named.Count.ToString(CultureInfo.InvariantCulture)] = argument;
        return new MapValue(named);
    }

    /// <summary>To an integer as the peers' machines convert: what does not fit becomes the smallest.</summary>
    private static long Whole(double value) => value is >= -9.2233720368547758e18 and < 9.2233720368547758e18 ? (long)value : long.MinValue;
}
