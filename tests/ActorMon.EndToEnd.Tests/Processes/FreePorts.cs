using System.Net;
using System.Net.Sockets;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>
/// Loopback ports for servers. They lie below the range from which the kernel gives ports to outgoing connections: a node that restarts must not find its port
/// taken by somebody's scrape.
/// </summary>
public static class FreePorts
{
    private const int First = 18000;
    private const int Count = 12000;

    private static int _next = Random.Shared.Next(Count);

    public static int Next()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + ((Interlocked.Increment(ref _next) & int.MaxValue) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's: the next one.
            }
        }
        throw new InvalidOperationException($"no free port between {First} and {First + Count}");
    }
}
