using System.Net;
using System.Net.Sockets;

namespace ActorMon.Http.Dialing;

/// <summary>
/// Opens TCP and unix domain connections. A name's addresses are tried in the resolver's order; the second address family starts 300 ms after the first
/// (RFC 8305), so that one family that leads nowhere does not eat the deadline.
/// </summary>
internal sealed class TcpDialer(TimeProvider time)
{
    private static readonly TimeSpan FallbackDelay = TimeSpan.FromMilliseconds(300);

    /// <exception cref="HttpTransportException">No connection; the text starts with <c>dial tcp</c> and tells of the first address.</exception>
    public async ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
            return await ConnectAsync(new IPEndPoint(literal, port), "tcp", cancellationToken);
        var addresses = await ResolveAsync(host, cancellationToken);
        var first = new List<IPEndPoint>(addresses.Length);
        var second = new List<IPEndPoint>();
        foreach (var address in addresses)
            (address.AddressFamily == addresses[0].AddressFamily ? first : second).Add(new IPEndPoint(address, port));
        return second.Count == 0 ? await ConnectInTurnAsync(first, cancellationToken) : await RaceAsync(first, second, cancellationToken);
    }

    /// <exception cref="HttpTransportException">No connection; the text starts with <c>dial unix</c>.</exception>
    public static ValueTask<Stream> ConnectUnixAsync(string path, CancellationToken cancellationToken) =>
        ConnectAsync(new UnixDomainSocketEndPoint(path), "unix", cancellationToken);

    private async ValueTask<Stream> RaceAsync(List<IPEndPoint> first, List<IPEndPoint> second, CancellationToken cancellationToken)
    {
        using var losers = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var primary = ConnectInTurnAsync(first, losers.Token).AsTask();
        using (var impatience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            await Task.WhenAny(primary, Task.Delay(FallbackDelay, time, impatience.Token));
            await impatience.CancelAsync();
        }
        if (primary.IsCompletedSuccessfully)
            return await primary;
        cancellationToken.ThrowIfCancellationRequested();
        var fallback = ConnectInTurnAsync(second, losers.Token).AsTask();
        var winner = await Task.WhenAny(primary, fallback);
        if (!winner.IsCompletedSuccessfully)
        {
            winner = winner == primary ? fallback : primary;
            await Task.WhenAny(winner);
        }
        if (!winner.IsCompletedSuccessfully)
        {
            await ObserveAsync(fallback);
            return await primary;
        }
        await losers.CancelAsync();
        await ObserveAsync(winner == primary ? fallback : primary);
        return await winner;
    }

    /// <summary>Waits for the loser, which has been cancelled or has failed, and closes what it may have opened all the same.</summary>
    private static async Task ObserveAsync(Task<Stream> loser)
    {
        try
        {
            await (await loser).DisposeAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or HttpTransportException)
        {
            // The winner, or the first family's failure, is what the caller hears of.
        }
    }

    private static async ValueTask<Stream> ConnectInTurnAsync(List<IPEndPoint> endpoints, CancellationToken cancellationToken)
    {
        HttpTransportException? failure = null;
        foreach (var endpoint in endpoints)
        {
            try
            {
                return await ConnectAsync(endpoint, "tcp", cancellationToken);
            }
            catch (HttpTransportException e)
            {
                failure ??= e;
            }
        }
        throw failure!;
    }

    private static async ValueTask<Stream> ConnectAsync(EndPoint endpoint, string network, CancellationToken cancellationToken)
    {
        var unix = endpoint is UnixDomainSocketEndPoint;
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            if (!unix)
                socket.NoDelay = true;
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new HttpTransportException($"dial {network} {endpoint}: connect: {SocketErrors.Describe(e, unix)}", e, HttpRequestError.ConnectionError);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
            if (addresses.Length > 0)
                return addresses;
        }
        catch (SocketException e)
        {
            var reason = e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData ? "no such host" : "server misbehaving";
            throw new HttpTransportException($"dial tcp: lookup {host}: {reason}", e, HttpRequestError.NameResolutionError);
        }
        throw new HttpTransportException($"dial tcp: lookup {host}: no such host", null, HttpRequestError.NameResolutionError);
    }
}
