using System.Diagnostics;
using System.Text.RegularExpressions;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Alerts;

/// <summary>Debian's amtool, the same sessions with a node and with the Alertmanager it comes with: it prints the same of both.</summary>
[Trait("Category", "Peers")]
public sealed partial class AmtoolSessions : IAsyncLifetime
{
    private const string Configuration = """
        route:
          receiver: default
          group_by: [alertname]
          routes:
          - receiver: team
            matchers: [team="x"]
            continue: true
          - receiver: other
            matchers: [sev=~"page|crit"]
        receivers: [{name: default}, {name: team}, {name: other}]
        inhibit_rules:
        - source_matchers: [sev="crit"]
          target_matchers: [sev="warn"]
          equal: [alertname]

        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestFolder _folder = new();
    private DebianAlertmanager _theirs = null!;
    private Node _ours = null!;

    public async Task InitializeAsync()
    {
        _theirs = new DebianAlertmanager(_folder["theirs"]);
        _theirs.WriteConfiguration(Configuration);
        await File.WriteAllTextAsync(_folder["alertmanager.yml"], Configuration);
        _ours = new Node(_folder["ours"], "", "--alertmanager.config.file=" + _folder["alertmanager.yml"]);
        await Task.WhenAll(_theirs.StartAsync(), _ours.StartAsync());
        // Until then a node does not know what inhibits what, and says so.
        await Eventually.Async("the node's Alertmanager is ready", async () => (await _ours.TextAsync("/api/v2/status")).Contains("\"status\":\"ready\"", StringComparison.Ordinal), Patience);
    }

    public async Task DisposeAsync()
    {
        await _ours.DisposeAsync();
        await _theirs.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Alerts_are_added_and_queried()
    {
        await SameAsync("alert", "add", "alertname=A", "sev=crit", "node=1", "--annotation=summary=full", "--generator-url=http://g/x");
        await SameAsync("alert", "add", "A", "sev=warn");
        await SameAsync("alert", "add", "B", "node=2", "team=x", "sev=page");
        await SameAsync("alert", "add", "over", "--start=2020-01-01T00:00:00Z", "--end=2020-01-02T00:00:00Z");
        foreach (var query in new[] { "", "-o extended", "-o json", "--inhibited", "--active --silenced", "--receiver=tea.*", "A", "node=~.+ alertname!=B", "node=~[" })
            await SameSoonAsync(["alert", "query", .. query.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
    }

    [Fact]
    public async Task Silences_are_added_queried_updated_expired_and_imported()
    {
        await SameAsync("alert", "add", "A", "node=1");
        await SameAsync("silence", "add", "alertname=A");
        await SameAsync("silence", "add", "alertname=A", "node=~1|2", "-a", "me", "-c", "why", "-d", "1h");
        await SameAsync("silence", "add", "alertname=C", "-a", "you", "-c", "later", "--start=2098-01-01T00:00:00Z", "--end=2099-01-01T00:00:00Z");
        await QueriesAsync();
        foreach (var server in Servers)
        {
            var id = (await RunAsync(server, "silence", "query", "-q", "alertname=A")).Trim();
            Assert.Contains("better", await RunAsync(server, "silence", "update", id, "-d", "3h", "-c", "better"), StringComparison.Ordinal);
            await File.WriteAllTextAsync(_folder[FormattableString.Invariant($"{server.Port}.json")], await RunAsync(server, "silence", "query", "-o", "json"));
            Assert.Equal("", await RunAsync(server, "silence", "expire", id));
        }
        await QueriesAsync();
        foreach (var server in Servers)
            Assert.Matches("^([0-9a-f-]{36}\n){2}$", await RunAsync(server, "silence", "import", _folder[FormattableString.Invariant($"{server.Port}.json")]));
        await QueriesAsync();
    }

    [Fact]
    public async Task The_configuration_is_shown_and_routes_are_tested()
    {
        Assert.Contains("- receiver: team", await RunAsync(_ours, "config", "show"), StringComparison.Ordinal);
        await SameAsync("config", "routes", "show");
        await SameAsync("config", "routes", "test", "team=x", "sev=page");
        await SameAsync("config", "routes", "test", "--verify.receivers=default", "team=x");
        await SameAsync("check-config", _folder["alertmanager.yml"]);
    }

    private MetricsServer[] Servers => [_theirs, _ours];

    private async Task QueriesAsync()
    {
        foreach (var query in new[] { "silence query", "silence query -o extended", "silence query --expired", "silence query alertname=A", "silence query --within=2h", "alert query", "alert query --silenced" })
            await SameSoonAsync(query.Split(' '));
    }

    /// <summary>What holds an alert back is heard of a moment after the alert, by either.</summary>
    private async Task SameSoonAsync(params string[] arguments)
    {
        var (theirs, ours) = ("", "");
        try
        {
            await Eventually.Async("both print the same", async () =>
            {
                (theirs, ours) = (Shown(await RunAsync(_theirs, arguments)), Shown(await RunAsync(_ours, arguments)));
                return theirs == ours;
            }, Patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}: amtool {string.Join(' ', arguments)}\ntheirs:\n{theirs}\nours:\n{ours}", e);
        }
    }

    private async Task SameAsync(params string[] arguments)
    {
        var (theirs, ours) = (Shown(await RunAsync(_theirs, arguments)), Shown(await RunAsync(_ours, arguments)));
        Assert.True(theirs == ours, $"amtool {string.Join(' ', arguments)}\ntheirs:\n{theirs}\nours:\n{ours}");
    }

    private async Task<string> RunAsync(MetricsServer server, params string[] arguments)
    {
        var start = new ProcessStartInfo("amtool", [$"--alertmanager.url={server.Url}", "--no-version-check", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // No settings of whoever runs the tests.
        start.Environment["HOME"] = _folder.Path;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output + await errors;
    }

    /// <summary>Ids and times are of no matter; members that 0.25 does not know come from nobody through it.</summary>
    private static string Shown(string text) => Ids().Replace(Times().Replace(text, "TIME"), "ID");

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?( UTC|Z)")]
    private static partial Regex Times();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Ids();
}
