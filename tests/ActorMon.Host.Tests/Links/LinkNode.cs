using System.Net;
using ActorMon.Actors.Links;
using ActorMon.Host.Links;
using ActorMon.Model.Sharding;
using ActorMon.Model.Telemetry;
using ActorMon.Protocol.Links;
using Akka.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorMon.Host.Tests.Links;

/// <summary>One side of a link: calls others, and listens on a port of its own with the operations given.</summary>
internal sealed class LinkNode : IAsyncDisposable
{
    private readonly NodeLinkServer _server;
    private readonly LinkSettings _settings;

    public LinkNode(Guid cluster, string name, string settings = "", int partitions = 32)
    {
        var file = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon", "links.conf"));
        _settings = LinkSettings.From(ConfigurationFactory.ParseString(settings).WithFallback(ConfigurationFactory.ParseString(file)));
        Identity = new LinkIdentity(cluster, partitions, StableHash.Version, name, 0xA0 + (ulong)name[0]);
        _server = new NodeLinkServer(_settings, () => Identity, () => 42, Registry, TimeProvider.System);
    }

    public LinkIdentity Identity { get; set; }

    public MetricRegistry Registry { get; } = new();

    public INodeLinks Client => _server.Client;

    public Uri Url => new($"{_settings.Scheme}://{_server.Address}");

    public LinkPeer Peer => new(Identity.Node, Identity.Incarnation, Url);

    public double Metric(string name) => Registry.Collect().Where(f => f.Name == name).Sum(f => f.Metrics.Sum(m => m.Value));

    public Task<LinkNode> ListenAsync(params ILinkOperation[] operations) => ListenAsync(0, operations);

    public async Task<LinkNode> ListenAsync(int port, params ILinkOperation[] operations)
    {
        await _server.ListenAsync(new IPEndPoint(IPAddress.Loopback, port), operations, NullLoggerFactory.Instance);
        return this;
    }

    public Task StopListeningAsync() => _server.StopListeningAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

/// <summary>An operation made of a function.</summary>
internal sealed class TestOperation(string name, Func<LinkRequest, CancellationToken, Task> handle, LinkBounds? bounds = null, bool strangers = false) : ILinkOperation
{
    public string Name => name;

    public LinkBounds Bounds => bounds ?? LinkBounds.Default;

    public bool ServesStrangers => strangers;

    public Task HandleAsync(LinkRequest request, CancellationToken cancellation) => handle(request, cancellation);

    /// <summary>Sends every frame back.</summary>
    public static TestOperation Echo(LinkBounds? bounds = null) => new("echo", async (request, cancellation) =>
    {
        var frames = new LinkFrameReader(request.Body, request.Sender.Node);
        while (await frames.ReadAsync(cancellation) is { } frame)
        {
            LinkFrames.Write(request.Answer, frame.Kind, frame.Content.Span);
            await request.Answer.FlushAsync(cancellation);
        }
        LinkFrames.WriteEnd(request.Answer);
    }, bounds);
}
