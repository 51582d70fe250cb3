using System.Text.Json;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Functions;
using ActorMon.Templates.Rules;
using ActorMon.Templates.Time;
using ActorMon.Templates.Values;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Templates;

/// <summary>Prometheus' own table of alert and console templates.</summary>
public class PrometheusTemplateTests
{
    private static readonly JsonElement Kit = ConformanceData.Root is null ? default : ConformanceData.Json("templates", "template-cases.json");

    [ConformanceFact]
    public async Task Templates_expand_as_in_prometheus()
    {
        var run = new ConformanceRun("templates", "cases");
        foreach (var element in Kit.GetProperty("cases").EnumerateArray())
            await run.CaseAsync(element.GetProperty("text").GetString()!, () => Check(element));
        run.Finish(91);
    }

    [ConformanceFact]
    public async Task Seconds_become_times_as_in_prometheus()
    {
        var run = new ConformanceRun("templates", "floatToTime");
        foreach (var element in Kit.GetProperty("floatToTime").EnumerateArray())
            await run.CaseAsync(element.GetRawText(), () => CheckTime(element));
        run.Finish(Kit.GetProperty("floatToTime").GetArrayLength());
    }

    private static async Task Check(JsonElement element)
    {
        var isHtml = element.TryGetProperty("html", out var html) && html.GetBoolean();
        var environment = TemplateEnvironment.Default with
        {
            Now = GoTime.FromMilliseconds(1353755652000),
            ExternalUrl = "http://testhost:9090/path/prefix",
            IsHtml = isHtml,
            MissingKey = Option(element),
        };
        var expected = element.TryGetProperty("error", out var error) ? error.GetString() : null;
        var answer = element.TryGetProperty("queryResult", out var samples) ? samples.EnumerateArray().Select(Sample).ToArray() : [];
        if (!PrometheusTemplate.TryCompile("test", element.GetProperty("text").GetString()!, isHtml, out var template, out var syntax))
        {
            Assert.Equal(expected, syntax.Message);
            return;
        }
        var data = element.TryGetProperty("input", out var input) ? KitValues.Of(input) : NilValue.Instance;
        var result = await template.ExpandAsync(data, environment, (_, _) => ValueTask.FromResult(new QueryAnswer(answer)), CancellationToken.None);
        Assert.Equal(expected, result.Error?.Message);
        if (expected is null)
            Assert.Equal(element.TryGetProperty("outputIsHistogramString", out var histogram) ? Histogram(histogram).ToString() : element.GetProperty("output").GetString(), result.Output);
    }

    private static async Task CheckTime(JsonElement element)
    {
        Assert.True(PrometheusTemplate.TryCompile("test", "{{ (toTime .).Format \"2006-01-02T15:04:05Z07:00\" }}", false, out var template, out _));
        var data = new FloatValue(ConformanceData.Float(element.GetProperty("value")));
        var result = await template.ExpandAsync(data, TemplateEnvironment.Default, (_, _) => throw new InvalidOperationException(), CancellationToken.None);
        Assert.Equal(element.TryGetProperty("error", out _), result.Error is not null);
        if (element.TryGetProperty("time", out var time))
            Assert.Equal(time.GetString(), result.Output);
    }

    private static MissingKey Option(JsonElement element)
    {
        if (!element.TryGetProperty("options", out var options))
            return MissingKey.Zero;
        if (options.ValueKind != JsonValueKind.Array)
            return MissingKey.Default;
        return options[0].GetString() == "missingkey=error" ? MissingKey.Error : MissingKey.Zero;
    }

    private static QuerySample Sample(JsonElement element)
    {
        var labels = LabelSet.From(element.GetProperty("labels").EnumerateObject().Select(l => KeyValuePair.Create(l.Name, l.Value.GetString()!)));
        return element.TryGetProperty("histogram", out var histogram)
            ? new QuerySample(labels, 0, Histogram(histogram))
            : new QuerySample(labels, ConformanceData.Float(element.GetProperty("value")));
    }

    internal static NativeHistogram Histogram(JsonElement element) =>
        new() { Count = element.GetProperty("count").GetDouble(), Sum = element.GetProperty("sum").GetDouble() };
}
