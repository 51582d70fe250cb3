using System.Net;
using ActorMon.Configuration.Web;
using ActorMon.Host.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorMon.Host.Links;

/// <summary>
/// The node's endpoint for other nodes: a listener of its own, apart from that of users, so that neither takes the other's connections. HTTP/1.1 alone, with mutual TLS when
/// it is set.
/// </summary>
public sealed class LinkServer : IAsyncDisposable
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;

    private LinkServer(WebApplication app, IPEndPoint address)
    {
        _app = app;
        Address = address;
    }

    /// <summary>Where it listens; the port is the one that was given or found.</summary>
    public IPEndPoint Address { get; }

    /// <param name="tls">Null: clear text. Else each connection is made by what the files say at its begin, and a client without a certificate of the authority is refused.</param>
    public static async Task<LinkServer> StartAsync(IPEndPoint listen, WebTlsOptions? tls, LinkRequestHandler handler, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = LinkRequestHandler.MaxConnections;
            kestrel.Limits.MaxRequestHeadersTotalSize = 8 << 10;
            kestrel.Limits.MaxRequestBufferSize = 1 << 20;
            // Bounded by each operation.
            kestrel.Limits.MaxRequestBodySize = null;
            // A reader may pause as long as its query takes; one that has died does not hold its place for ever.
            kestrel.Limits.MinRequestBodyDataRate = kestrel.Limits.MinResponseDataRate = new MinDataRate(1, TimeSpan.FromMinutes(2));
            // Nodes talk when they have something to say; an idle connection costs a few kilobytes.
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(10);
            kestrel.Listen(listen, endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1;
                if (tls is not null)
                    new WebTls(() => tls).Use(endpoint, http2: false);
            });
        });
        var app = builder.Build();
        app.Run(handler.HandleAsync);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new LinkServer(app, new IPEndPoint(listen.Address, new Uri(address).Port));
    }

    /// <summary>Takes no more requests, lets those in flight end for a moment, then ends them.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(DrainTime);
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }
}
