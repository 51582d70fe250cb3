using ActorMon.Receivers.Building;

namespace ActorMon.Receivers.Tests;

public sealed class ReceiverFactoryTests : IAsyncDisposable
{
    private readonly Bench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public void A_broken_template_file_refuses_everything_with_file_and_line()
    {
        _bench.Templates.Add(new TemplateFile("/t/good.tmpl", "{{ define \"x\" }}{{ end }}"));
        _bench.Templates.Add(new TemplateFile("/t/bad.tmpl", "\n{{ define \"y\" }}\n{{ nofunction }}{{ end }}"));
        _bench.Templates.Add(new TemplateFile("/t/gone.tmpl", null, "open /t/gone.tmpl: permission denied"));
        var build = _bench.Build("webhook", "{url: 'URL'}");
        Assert.Null(build.Receivers);
        Assert.Equal(
            ["/t/bad.tmpl:3: templates: template: bad.tmpl:3: function \"nofunction\" not defined", "/t/gone.tmpl: templates: open /t/gone.tmpl: permission denied"],
            build.Errors.Select(error => error.ToString()));
    }

    [Fact]
    public async Task Template_files_replace_defaults_and_serve_receivers()
    {
        _bench.Templates.Add(new TemplateFile("/t/a.tmpl", "{{ define \"__subject\" }}mine {{ template \"b\" . }}{{ end }}"));
        _bench.Templates.Add(new TemplateFile("/t/b.tmpl", "{{ define \"b\" }}{{ .Receiver }}{{ end }}"));
        var (_, body) = await _bench.RequestAsync("slack", "{api_url: 'URL'}");
        Assert.Contains("\"title\":\"mine team\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_text_of_a_receiver_is_warned_of_and_fails_its_notifications_alone()
    {
        var build = _bench.Build("slack", "{api_url: 'URL', title: '{{ if }}', fields: [{title: a, value: '{{ end }}'}]}");
        Assert.Equal(["receivers[0].slack_configs[0].title", "receivers[0].slack_configs[0].fields[0].value"], build.Warnings.Select(warning => warning.Key));
        var outcome = (await build.Receivers!.Of("team").Single().NotifyAsync(Told.Firing, default)).Outcome;
        Assert.Equal((false, build.Warnings[0].Text), (outcome.Retry, outcome.Error));
        Assert.Empty(_bench.Requests);
    }

    [Fact]
    public void Integrations_come_in_the_originals_order_with_their_places()
    {
        var build = _bench.Build("slack", "{api_url: 'URL'}\n  - {api_url: 'URL'}\n  webhook_configs: [{url: 'URL', send_resolved: false}]");
        Assert.Equal(
            [("webhook", 0, false), ("slack", 0, false), ("slack", 1, false)], build.Receivers!.Of("team").Select(i => (i.Type, i.Index, i.SendResolved)));
        Assert.Empty(build.Receivers.Of("nobody"));
    }

    [Fact]
    public void Labels_of_a_route_are_rendered_each_for_itself()
    {
        var receivers = _bench.Build("webhook", "{url: 'URL'}").Receivers!;
        var notification = Told.Firing with
        {
            RouteLabels = new Dictionary<string, string> { ["a"] = "{{ .GroupLabels.alertname }}", ["b"] = "x {{ routeLabels \"a\" }}", ["c"] = "{{ routeLabels \"c\" }}" },
        };
        var failures = new List<string>();
        Assert.Equal(new Dictionary<string, string> { ["a"] = "Load", ["b"] = "x Load" }, receivers.RenderRouteLabels(notification, failures.Add, default));
        Assert.Contains("route label cycle detected", Assert.Single(failures), StringComparison.Ordinal);
    }
}
