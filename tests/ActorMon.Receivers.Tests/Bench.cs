using System.Collections.Concurrent;
using System.Text;
using ActorMon.Alerting.Notifications;
using ActorMon.Configuration.Alertmanager;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Yaml;
using ActorMon.Http;
using ActorMon.Http.Files;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Sending;
using ActorMon.Testing.Http;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Receivers.Tests;

/// <summary>A receiver of one integration, written as in alertmanager.yml, and the server that it tells.</summary>
internal sealed class Bench : IAsyncDisposable, IFileReader
{
    private readonly LoopbackServer _server;
    private readonly List<ReceiverSet> _made = [];

    public Bench(Func<ReceivedRequest, HttpReply>? answer = null) => _server = LoopbackServer.Http(answer ?? (_ => HttpReply.Ok("ok")));

    public FakeTimeProvider Time { get; } = new(Told.Now);

    public ConcurrentQueue<ReceivedRequest> Requests => _server.Requests;

    public string Url => _server.Url("").ToString().TrimEnd('/');

    /// <summary>Stands before the server.</summary>
    public Rehearsal? Rehearsal { get; set; }

    /// <summary>Files of secrets by path.</summary>
    public Dictionary<string, string> Files { get; } = [];

    /// <summary>Template files, by name.</summary>
    public List<TemplateFile> Templates { get; } = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var made in _made)
            made.Dispose();
        await _server.DisposeAsync();
    }

    public FileStamp Stamp(string path) => new(Told.Now, ReadAllBytes(path).Length);

    public byte[] ReadAllBytes(string path) => Files.TryGetValue(path, out var text) ? Encoding.UTF8.GetBytes(text) : throw new FileNotFoundException(path);

    /// <param name="type">Of the integration.</param>
    /// <param name="settings">Its keys as YAML in braces; <c>URL</c> stands for the server's address.</param>
    /// <param name="global">Likewise.</param>
    public IIntegration Make(string type, string settings, string global = "{}")
    {
        var build = Build(type, settings, global);
        Assert.Empty(build.Errors);
        return build.Receivers!.Of("team").Single();
    }

    public ReceiverBuild Build(string type, string settings, string global = "{}")
    {
        var text = $"global: {global}\nroute: {{receiver: team}}\nreceivers:\n- name: team\n  {type}_configs:\n  - {settings}\n".Replace("URL", Url, StringComparison.Ordinal);
        var files = new MemoryConfigFiles();
        files.Write("/etc/alertmanager.yml", text);
        var loaded = AlertmanagerConfigLoader.Load("/etc/alertmanager.yml", files);
        Assert.Empty(loaded.Errors);
        var context = new ReceiverContext
        {
            ReadYaml = YamlValues.TryRead,
            UserAgent = "ActorMon/1",
            HostName = "here",
            Rehearsal = Rehearsal,
            Http = HttpClientContext.Default with { Time = Time, Files = this, Environment = _ => null },
            Endpoints = new FixedEndpoints { PagerdutyV1 = Url + "/v1", Pushover = Url + "/pushover", SlackUpdate = Url + "/chat.update" },
        };
        var build = ReceiverFactory.Build(loaded.Config!.Alerting, (receiver, item) => loaded.Config.Http[(receiver.Name, item.Type, item.Index)], Templates, context);
        if (build.Receivers is { } receivers)
            _made.Add(receivers);
        return build;
    }

    public async Task<NotifyResult> TellAsync(string type, string settings, Notification? notification = null, string global = "{}") =>
        await Make(type, settings, global).NotifyAsync(notification ?? Told.Firing, CancellationToken.None);

    /// <summary>Tells, and gives the one request that came: its line, then the body.</summary>
    public async Task<(string Line, string Body)> RequestAsync(string type, string settings, Notification? notification = null, string global = "{}")
    {
        var result = await TellAsync(type, settings, notification, global);
        Assert.Null(result.Outcome.Error);
        var request = Assert.Single(Requests);
        return ($"{request.Method} {request.Target}", request.Text);
    }
}
