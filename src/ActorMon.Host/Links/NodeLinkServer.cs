using System.Net;
using ActorMon.Actors.Links;
using ActorMon.Model.Telemetry;
using ActorMon.Protocol.Links;
using Microsoft.Extensions.Logging;

namespace ActorMon.Host.Links;

/// <summary>This node's side of the links to all others: calls them, and listens for their calls once it is told to.</summary>
public sealed class NodeLinkServer : IAsyncDisposable
{
    private readonly LinkSettings _settings;
    private readonly Func<LinkIdentity> _identity;
    private readonly Func<long> _mapVersion;
    private readonly HttpNodeLinks _calls;
    private LinkServer? _server;

    /// <param name="identity">This node, as it stands at each call and request.</param>
    /// <param name="mapVersion">Version of its partition map; 0: none.</param>
    public NodeLinkServer(LinkSettings settings, Func<LinkIdentity> identity, Func<long> mapVersion, MetricRegistry registry, TimeProvider time)
    {
        (_settings, _identity, _mapVersion) = (settings, identity, mapVersion);
        Metrics = new LinkMetrics(registry);
        _calls = new HttpNodeLinks(identity, mapVersion, settings.ClientTls, Metrics, time);
    }

    public LinkMetrics Metrics { get; }

    public INodeLinks Client => _calls;

    /// <summary>http or https.</summary>
    public string Scheme => _settings.Scheme;

    /// <summary>Where others' calls arrive; only while it listens.</summary>
    public IPEndPoint Address => _server?.Address ?? throw new InvalidOperationException("the node does not listen for other nodes yet");

    /// <exception cref="IOException">The address is in use.</exception>
    public async Task ListenAsync(IPEndPoint address, IReadOnlyList<ILinkOperation> operations, ILoggerFactory loggers) =>
        _server = await LinkServer.StartAsync(
            address, _settings.ServerTls, new LinkRequestHandler(_identity, _mapVersion, operations, Metrics, loggers.CreateLogger<LinkRequestHandler>()), loggers);

    /// <summary>Other nodes are not served any more; they can still be called.</summary>
    public async Task StopListeningAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _server = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync();
        _calls.Dispose();
    }
}
