using System.Text.Json;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Notifications;
using ActorMon.Templates.Time;
using ActorMon.Templates.Values;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Templates;

/// <summary>Alertmanager's own tables of notification templates, as far as they are about the language and its functions.</summary>
public class AlertmanagerTemplateTests
{
    private static readonly GoTime Now = GoTime.FromMilliseconds(1_700_000_000_000);
    private static readonly JsonElement Kit = ConformanceData.Root is null ? default : ConformanceData.Json("alertmanager", "templates", "template-cases.json");

    [ConformanceFact]
    public void Texts_expand_as_in_alertmanager() => RunGroup("expansion", 43);

    [ConformanceFact]
    public void Functions_give_what_they_give_in_alertmanager() => RunGroup("functions", 25);

    [ConformanceFact]
    public void Shipped_template_files_of_alertmanager_run()
    {
        var run = new ConformanceRun("alertmanager/templates", "files");
        var templates = NotificationTemplates.Empty;
        foreach (var file in new[] { "default.tmpl", "email.tmpl" })
            run.Case(file, () => Assert.True(templates.TryAddFile(file, File.ReadAllText(ConformanceData.PathOf("alertmanager", "templates", file)), out templates!, out var error), error?.Message));
        run.Case("subject", () => Assert.Equal("[FIRING:1] a b (critical)", Expand(templates, "{{ template \"__subject\" . }}", isHtml: false)));
        run.Case("list", () => Assert.Equal(
            "Labels:\n - alertname = a\n - instance = b\n - severity = critical\nAnnotations:\n - summary = <it>\nSource: http://x/?a=1&b=2\n",
            Expand(templates, "{{ template \"__text_alert_list\" .Alerts.Firing }}", isHtml: false)));
        run.Case("email", () =>
        {
            var html = Expand(templates, "{{ template \"email.default.html\" . }}", isHtml: true);
            Assert.StartsWith("<!DOCTYPE html", html.TrimStart(), StringComparison.OrdinalIgnoreCase);
            Assert.Contains("summary = &lt;it&gt;", html, StringComparison.Ordinal);
            Assert.Contains("href=\"http://x/?a=1&amp;b=2\"", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<!--", html, StringComparison.Ordinal);
        });
        run.Finish(5);
    }

    private static string Expand(NotificationTemplates templates, string text, bool isHtml)
    {
        var alert = new NotifiedAlert
        {
            Status = "firing",
            Labels = new Dictionary<string, string> { ["alertname"] = "a", ["instance"] = "b", ["severity"] = "critical" },
            Annotations = new Dictionary<string, string> { ["summary"] = "<it>" },
            GeneratorUrl = "http://x/?a=1&b=2",
        };
        var data = new NotificationData
        {
            Receiver = "team",
            Status = "firing",
            Alerts = [alert],
            GroupLabels = new Dictionary<string, string> { ["alertname"] = "a", ["instance"] = "b" },
            CommonLabels = alert.Labels,
            CommonAnnotations = alert.Annotations,
            ExternalUrl = "http://am",
        };
        Assert.True(templates.TryCompile(text, out var template, out var error), error?.Message);
        var result = template.Run(data.ToValue(), TemplateEnvironment.Default with { IsHtml = isHtml, Now = Now }, renderedRouteLabels: true, CancellationToken.None);
        Assert.Null(result.Error);
        return result.Output!;
    }

    private static void RunGroup(string group, int count)
    {
        var run = new ConformanceRun("alertmanager/templates", group);
        foreach (var element in Kit.GetProperty(group).EnumerateArray())
            run.Case(element.GetProperty("title").GetString()!, () => Check(element));
        run.Finish(count);
    }

    private static void Check(JsonElement element)
    {
        var isHtml = element.TryGetProperty("html", out var html) && html.GetBoolean();
        var error = element.TryGetProperty("expErr", out var text) ? text.GetString() : null;
        var fails = error is not null || element.TryGetProperty("fail", out _);
        var output = NotificationTemplates.Empty.TryCompile(element.GetProperty("in").GetString()!, out var template, out var syntax)
            ? template.Run(DataOf(element), TemplateEnvironment.Default with { IsHtml = isHtml, Now = Now }, renderedRouteLabels: false, CancellationToken.None)
            : new ActorMon.Templates.TemplateResult(null, syntax);
        Assert.Equal(fails, output.Error is not null);
        if (error is not null)
            Assert.Equal(error, output.Error!.Message);
        if (!fails)
            Assert.Equal(element.GetProperty("exp").GetString(), output.Output);
    }

    /// <summary>The one case that names the clock asks for the time an hour ago.</summary>
    private static TemplateValue DataOf(JsonElement element)
    {
        if (!element.TryGetProperty("data", out var data))
            return NilValue.Instance;
        return data.ValueKind == JsonValueKind.Object && data.TryGetProperty("call", out var call) && call.GetString() == ".Add"
            ? TimeValues.Of(Now.Add(data.GetProperty("args")[0].GetProperty("durationNs").GetInt64()))
            : KitValues.Of(data);
    }
}
