using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using ActorMon.Api.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorMon.Api.Tests.Clients;

/// <summary>Sessions of Debian's amtool; what it prints is what it prints of the Alertmanager it comes with, but for texts that newer ones changed.</summary>
[Trait("Category", "Peers")]
public sealed partial class AmtoolTests : IAsyncLifetime
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
        receivers:
        - name: default
        - name: team
        - name: other
        """;

    private readonly ApiWorld _world = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("amtool-").FullName;
    private IHost _host = null!;
    private string _url = "";

    public async Task InitializeAsync()
    {
        _world.Alertmanager.Text = Configuration;
        _host = new HostBuilder().ConfigureWebHost(web => web.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0)).Configure(app => app.Run(_world.Handler))).Build();
        await _host.StartAsync();
        _url = _host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/alertmanager")]
    public async Task Alerts_are_added_and_queried(string path)
    {
        _url += path;
        await PrintsAsync("", "alert", "add", "alertname=A", "severity=high", "node=1", "--annotation=summary=full", "--generator-url=http://g/x");
        await PrintsAsync("", "alert", "add", "B", "node=2");
        await PrintsAsync("""
            Alertname  Starts At  Summary  State
            A          TIME       full     active
            B          TIME                active
            """, "alert", "query");
        await PrintsAsync("""
            Labels                                  Annotations     Starts At  Ends At  Generator URL  State
            alertname="A" node="1" severity="high"  summary="full"  TIME       TIME     http://g/x     active
            alertname="B" node="2"                                  TIME       TIME                    active
            """, "alert", "query", "-o", "extended");
        await PrintsAsync("""
            Alertname  Starts At  Summary  State
            B          TIME                active
            """, "alert", "query", "node=~\"[23]\"", "--receiver=def.*", "--active");
    }

    [Fact]
    public async Task A_silence_is_added_queried_updated_expired_and_imported()
    {
        await PrintsAsync("", "alert", "add", "A", "node=1");
        await PrintsAsync("ID", "silence", "add", "alertname=A", "node=~\"1|2\"", "-a", "me", "-c", "why", "-d", "1h");
        var id = (await RunAsync("silence", "query", "-q")).Trim();
        await PrintsAsync("""
            ID  Matchers                   Ends At  Created By  Comment
            ID  alertname="A" node=~"1|2"  TIME     me          why
            """, "silence", "query");
        await PrintsAsync("""
            Alertname  Starts At  Summary  State
            A          TIME                suppressed
            """, "alert", "query", "--silenced");
        await PrintsAsync("Alertname  Starts At  Summary  State", "alert", "query");
        await PrintsAsync("""
            ID  Matchers                   Ends At  Created By  Comment
            ID  alertname="A" node=~"1|2"  TIME     me          better
            """, "silence", "update", id, "-d", "3h", "-c", "better");
        var saved = Path.Combine(_folder, "silences.json");
        await File.WriteAllTextAsync(saved, await RunAsync("silence", "query", "-o", "json"));
        await PrintsAsync("", "silence", "expire", id);
        await PrintsAsync("ID  Matchers  Ends At  Created By  Comment", "silence", "query");
        await PrintsAsync("""
            ID  Matchers                   Ends At  Created By  Comment
            ID  alertname="A" node=~"1|2"  TIME     me          better
            """, "silence", "query", "--expired");
        await PrintsAsync("ID", "silence", "import", saved);
        await PrintsAsync("""
            ID  Matchers                     Starts At  Ends At  Updated At  Created By  Comment
            ID  {alertname="A",node=~"1|2"}  TIME       TIME     TIME        me          better
            """, "silence", "query", "-o", "extended");
        // Debian's amtool knows no name for this answer of later Alertmanagers.
        Assert.Contains("404", await RunAsync("silence", "expire", "d2d9e9c4-0000-4000-8000-000000000000"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_and_the_cluster_are_shown_and_routes_tested()
    {
        await PrintsAsync(Configuration, "config", "show");
        await PrintsAsync("""
            Routing tree:
            .
            └── default-route  receiver: default
                ├── {team="x"}  continue: true  receiver: team
                └── {sev=~"page|crit"}  receiver: other
            """, "config", "routes", "show");
        await PrintsAsync("team,other", "config", "routes", "test", "team=x", "sev=page");
        await PrintsAsync("""
            Cluster Status:  ready
            Node Name:       home

            Address      Name
            127.0.0.1:1  a
            127.0.0.1:2  b
            """, "cluster", "show", "-o", "extended");
    }

    private async Task PrintsAsync(string expected, params string[] arguments) => Assert.Equal(Shown(expected), Shown(await RunAsync(arguments)));

    private async Task<string> RunAsync(params string[] arguments)
    {
        // amtool reckons with the machine's clock: a silence it made begins when it was made.
        _world.Time.SetUtcNow(TimeProvider.System.GetUtcNow());
        var start = new ProcessStartInfo("amtool", ["--alertmanager.url=" + _url, "--no-version-check", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // No settings of whoever runs the tests.
        start.Environment["HOME"] = _folder;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output + await errors;
    }

    /// <summary>Ids, times and the width of columns are of no matter.</summary>
    private static string Shown(string text) => string.Join('\n', Ids().Replace(Times().Replace(text, "TIME"), "ID").ReplaceLineEndings("\n").Split('\n')
        .Select(line => Columns().Replace(line.TrimEnd(), "  ")).Where(line => line.Length > 0));

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC")]
    private static partial Regex Times();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Ids();

    [GeneratedRegex("(?<=[^ ]) {2,}")]
    private static partial Regex Columns();
}
