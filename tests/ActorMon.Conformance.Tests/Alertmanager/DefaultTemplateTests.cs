using System.Text.Json;
using System.Text.RegularExpressions;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Notifications;
using ActorMon.Model.Labels;
using ActorMon.Receivers.Composing;
using ActorMon.Receivers.Defaults;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Notifications;
using ActorMon.Templates.Time;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Alertmanager;

/// <summary>The default templates of receivers beside the original's files: the same names, and for any alerts the same output to the byte.</summary>
public sealed partial class DefaultTemplateTests
{
    private static readonly string[] Files = ["default.tmpl", "email.tmpl"];
    private static readonly string[] OfLists = ["__text_alert_list", "__text_alert_list_markdown", "pagerduty.default.instances"];

    [ConformanceFact]
    public void Every_default_template_writes_what_the_originals_writes()
    {
        var run = new ConformanceRun("alertmanager/templates", "defaults");
        var (names, originals) = (new List<string>(), NotificationTemplates.Empty);
        foreach (var file in Files)
        {
            var text = File.ReadAllText(ConformanceData.PathOf("alertmanager", "templates", file));
            names.AddRange(Definition().Matches(text).Select(match => match.Groups[1].Value));
            Assert.True(originals.TryAddFile(file, text, out originals!, out var error), error?.Message);
        }
        foreach (var name in names)
            foreach (var (title, notification) in Notifications())
                foreach (var isHtml in new[] { false, true })
                    run.Case($"{name} {title} {(isHtml ? "html" : "text")}", () => Assert.Equal(Run(originals, name, notification, isHtml), Run(DefaultTemplates.Templates, name, notification, isHtml)));
        run.Finish(names.Count * 6 * 2);
        Assert.Equal(64, names.Count);
    }

    [ConformanceFact]
    public void Templates_see_the_data_the_originals_see()
    {
        var run = new ConformanceRun("alertmanager/templates", "data");
        var number = 0;
        foreach (var @case in Kit.File(Path.Combine("templates", "template-cases.json")).GetProperty("data").EnumerateArray())
            run.Case($"{number++}", () => Expect(@case.GetProperty("exp"), TemplateDataOf.Notification(Of(@case), Of(@case).Alerts)));
        run.Finish(4);
    }

    private static string Run(NotificationTemplates templates, string name, Notification notification, bool isHtml)
    {
        var dot = OfLists.Contains(name) ? ".Alerts" : ".";
        Assert.True(templates.TryCompile($"{{{{ template \"{name}\" {dot} }}}}", out var template, out var error), error?.Message);
        var data = TemplateDataOf.Notification(notification, notification.Alerts).ToValue();
        var result = template.Run(data, TemplateEnvironment.Default with { IsHtml = isHtml }, renderedRouteLabels: true, CancellationToken.None);
        return result.Output ?? result.Error!.Message;
    }

    private static IEnumerable<(string Title, Notification Notification)> Notifications()
    {
        var ended = Kit.Now.AddMinutes(-1);
        yield return ("firing", Of([Alert("a", "critical", null)], ("alertname", "Odd & <b>")));
        yield return ("resolved", Of([Alert("a", "warning", ended), Alert("b", "info", ended)], ("alertname", "Odd & <b>"), ("severity", "x")));
        yield return ("mixed", Of([Alert("a", "info", null), Alert("b", "warning", null), Alert("c", "critical", ended)]));
        yield return ("one group", Of([Alert("a", "none", null)], ("alertname", "Odd & <b>"), ("instance", "a"), ("severity", "none"), ("q\"uote", "'\"")));
        yield return ("plain", Of([Alert("a", "none", ended) with { Annotations = LabelSet.Empty, GeneratorUrl = "" }]));
        yield return ("script", Of([Alert("a", "warning", null) with { GeneratorUrl = "javascript:alert(1)" }, Alert("ü", "warning", null)], ("alertname", "</script>")));
    }

    private static Alert Alert(string instance, string severity, DateTimeOffset? endsAt) => new()
    {
        Labels = Labels(("alertname", "Odd & <b>"), ("instance", instance), ("severity", severity), ("q\"uote", "'\"")),
        Annotations = Labels(("summary", "x > 5 & \"y\" < 'z'\nnext"), ("link", "http://a/?b=c&d=<e>")),
        StartsAt = Kit.Now.AddHours(-1),
        EndsAt = endsAt,
        UpdatedAt = Kit.Now,
        GeneratorUrl = "http://prom/graph?g0.expr=a%20b&g0.tab=1",
    };

    private static Notification Of(IReadOnlyList<Alert> alerts, params (string, string)[] group) => new()
    {
        Receiver = "team.x/y z",
        GroupKey = "{}",
        GroupLabels = Labels(group),
        Alerts = alerts,
        At = Kit.Now,
        Reason = NotificationReason.FirstNotification,
        ExternalUrl = "http://am.example/x?a=b&c=\"d\"",
        RepeatInterval = TimeSpan.FromHours(1),
        IdempotencyKey = "",
    };

    private static LabelSet Labels(params (string Name, string Value)[] labels) => LabelSet.From(labels.Select(l => KeyValuePair.Create(l.Name, l.Value)));

    private static Notification Of(JsonElement @case) => Of([.. @case.TryGetProperty("alerts", out var alerts) ? alerts.EnumerateArray().Select(Alert) : []]) with
    {
        Receiver = Kit.Text(@case, "receiver"),
        GroupLabels = @case.TryGetProperty("groupLabels", out var group) ? Kit.Labels(group) : LabelSet.Empty,
        RouteLabels = @case.TryGetProperty("routeLabels", out var route) ? Map(route) : new Dictionary<string, string>(),
    };

    private static Alert Alert(JsonElement element)
    {
        var alert = element.GetProperty("Alert");
        return new Alert
        {
            Labels = Kit.Labels(alert.GetProperty("Labels")),
            Annotations = Kit.Labels(alert.GetProperty("Annotations")),
            StartsAt = alert.GetProperty("StartsAt").GetDateTimeOffset(),
            EndsAt = alert.TryGetProperty("EndsAt", out var end) ? end.GetDateTimeOffset() : null,
            UpdatedAt = Kit.Now,
        };
    }

    private static void Expect(JsonElement expected, NotificationData data)
    {
        Assert.Equal((Kit.Text(expected, "Receiver"), Kit.Text(expected, "Status"), Kit.Text(expected, "NotificationReason")), (data.Receiver, data.Status, data.NotificationReason));
        foreach (var (name, labels) in new[]
        {
            ("GroupLabels", data.GroupLabels), ("CommonLabels", data.CommonLabels), ("CommonAnnotations", data.CommonAnnotations), ("RouteLabels", data.RouteLabels),
        })
            Assert.Equal(expected.TryGetProperty(name, out var map) ? Map(map) : [], labels);
        var alerts = expected.GetProperty("Alerts").ValueKind == JsonValueKind.Array ? expected.GetProperty("Alerts").EnumerateArray().ToArray() : [];
        Assert.Equal(alerts.Length, data.Alerts.Count);
        foreach (var (wanted, alert) in alerts.Zip(data.Alerts))
        {
            Assert.Equal((Kit.Text(wanted, "Status"), Kit.Text(wanted, "Fingerprint")), (alert.Status, alert.Fingerprint));
            Assert.Equal(Map(wanted.GetProperty("Labels")), alert.Labels);
            Assert.Equal(Map(wanted.GetProperty("Annotations")), alert.Annotations);
            Assert.Equal(GoTime.From(wanted.GetProperty("StartsAt").GetDateTimeOffset()), alert.StartsAt);
            Assert.Equal(wanted.TryGetProperty("EndsAt", out var end) ? GoTime.From(end.GetDateTimeOffset()) : GoTime.Zero, alert.EndsAt);
        }
    }

    private static Dictionary<string, string> Map(JsonElement map) => map.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!);

    [GeneratedRegex("define \"([^\"]+)\"")]
    private static partial Regex Definition();
}
