using System.Globalization;
using System.Text.Json;
using ActorMon.Testing.Conformance;

namespace ActorMon.EndToEnd.Tests.Alerts;

/// <summary>The scenarios of the alert-generator specification: what is written, and what must come of it. Values and texts are the kit's.</summary>
public sealed class AlertSuite
{
    private const string Metric = "alert_generator_test_suite";

    private static readonly TimeSpan TemplateChange = TimeSpan.FromMinutes(7);

    public AlertSuite()
    {
        var scenarios = ConformanceData.Json("alert-generator", "scenarios.json").GetProperty("scenarios").EnumerateArray()
            .ToDictionary(s => s.GetProperty("group").GetString()!, StringComparer.Ordinal);
        SimpleAlert(scenarios["PendingAndFiringAndResolved"]);
        PendingAlert(scenarios["PendingAndResolved_AlwaysInactive"]);
        ZeroAndSmallFor(scenarios["ZeroFor_SmallFor"]);
        OrderOfRules(scenarios["NewAlerts_OrderCheck"]);
    }

    public static string RuleFile => ConformanceData.PathOf("alert-generator", "rules.yaml");

    public List<SuiteSeries> Series { get; } = [];

    /// <summary>Every alert that becomes active.</summary>
    public List<ExpectedAlert> Alerts { get; } = [];

    /// <summary>By the end nothing is sent any more.</summary>
    public TimeSpan End { get; } = TimeSpan.FromMinutes(51);

    public ExpectedAlert Find(string name, string? variant = null) => Alerts.Single(a => a.Name == name && a.Labels.GetValueOrDefault("variant") == variant);

    private void SimpleAlert(JsonElement scenario)
    {
        var values = Add("PendingAndFiringAndResolved", "PendingAndFiringAndResolved_SimpleAlert", scenario.GetProperty("values").GetString()!);
        Alerts.Add(Alert(values, 10, TimeSpan.FromMinutes(6), Labels("PendingAndFiringAndResolved", "PendingAndFiringAndResolved_SimpleAlert", ("foo", "bar")), (value, _) => new()
        {
            ["description"] = "SimpleAlert is firing",
            ["summary"] = string.Create(CultureInfo.InvariantCulture, $"The value is {value} {value}"),
        }));
    }

    private void PendingAlert(JsonElement scenario)
    {
        const string group = "PendingAndResolved_AlwaysInactive";
        var values = Add(group, group + "_PendingAlert", scenario.GetProperty("values").GetString()!);
        Add(group, group + "_InactiveAlert", scenario.GetProperty("values").GetString()!);
        Alerts.Add(Alert(values, 10, TimeSpan.FromMinutes(3), Labels(group, group + "_PendingAlert", ("foo", "bar")), (_, _) => new() { ["description"] = "SimpleAlert is firing" }));
    }

    private void ZeroAndSmallFor(JsonElement scenario)
    {
        const string group = "ZeroFor_SmallFor";
        var texts = scenario.GetProperty("expectedAnnotations");
        string Text(string rule, string name) => texts.GetProperty(rule).GetProperty(name).GetString()!;
        var zero = Add(group, group + "_ZeroFor", scenario.GetProperty("values").GetString()!);
        var small = Add(group, group + "_SmallFor", scenario.GetProperty("values").GetString()!);
        for (var i = 1; i <= 3; i++)
            Series.Add(new SuiteSeries(
                [("__name__", Metric), ("__value__", $"val{i}"), ("for", "template"), ("id", $"10{i}"), ("rulegroup", group)],
                [.. Enumerable.Repeat((double)i, 28), .. Enumerable.Repeat(2.0 * i, zero.Values.Count)]));
        Alerts.Add(Alert(zero, 10, TimeSpan.Zero, Labels(group, group + "_ZeroFor", ("foo", "bar")), (_, time) => new()
        {
            ["description"] = "This should immediately fire",
            ["template_query_test"] = Text("ZeroFor", time < TemplateChange ? "template_query_test before 7m" : "template_query_test after 7m"),
            ["template_test"] = Text("ZeroFor", "template_test"),
        }));
        Alerts.Add(Alert(small, 13, TimeSpan.FromSeconds(15), Labels(group, group + "_SmallFor", ("ba_dum", "tss")), (_, _) => new()
        {
            ["description"] = "This should fire after an interval",
            ["template_test"] = Text("SmallFor", "template_test"),
        }));
    }

    private void OrderOfRules(JsonElement scenario)
    {
        const string group = "NewAlerts_OrderCheck";
        var values = scenario.GetProperty("values");
        ExpectedAlert Variant(string name)
        {
            var series = Add(group, group + "_Rule1", values.GetProperty("variant " + name).GetString()!, ("variant", name));
            var labels = Labels(group, group + "_Rule1", ("foo", "bar"), ("variant", name));
            var alert = Alert(series, 10, TimeSpan.FromMinutes(3), labels, (_, _) => new() { ["description"] = "This should produce more alerts later" });
            Alerts.Add(alert);
            return alert;
        }
        var (one, two) = (Variant("one"), Variant("two"));
        bool Both(TimeSpan time) => one.StateAt(time) == SuiteState.Firing && two.StateAt(time) == SuiteState.Firing;
        Alerts.Add(new ExpectedAlert
        {
            // alertstate comes from the series that the rule asks for.
            Labels = Labels(group, group + "_Rule2", ("alertstate", "firing"), ("ba_dum", "tss"), ("foo", "baz")),
            Phases = ExpectedAlert.PhasesOf(Both, TimeSpan.Zero, End, SuiteSeries.Step),
            Value = _ => 2,
            Annotations = (_, _) => new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["description"] = "Based on ALERTS. Old alertname was NewAlerts_OrderCheck_Rule1. foo was bar.",
            },
        });
    }

    private SuiteSeries Add(string group, string alert, string notation, params (string Name, string Value)[] more)
    {
        var series = new SuiteSeries([("__name__", Metric), ("alertname", alert), ("rulegroup", group), .. more], SuiteSeries.Read(notation));
        Series.Add(series);
        return series;
    }

    private ExpectedAlert Alert(
        SuiteSeries series, double threshold, TimeSpan @for, IReadOnlyDictionary<string, string> labels, Func<double, TimeSpan, Dictionary<string, string>> annotations) => new()
        {
            Labels = labels,
            Phases = ExpectedAlert.PhasesOf(time => series.At(time) > threshold, @for, End, SuiteSeries.Step),
            Value = series.At,
            Annotations = annotations,
        };

    private static Dictionary<string, string> Labels(string group, string alert, params (string Name, string Value)[] more)
    {
        var labels = more.ToDictionary(l => l.Name, l => l.Value, StringComparer.Ordinal);
        labels["alertname"] = alert;
        labels["rulegroup"] = group;
        return labels;
    }
}
