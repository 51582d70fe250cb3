using System.Net.Sockets;

namespace ActorMon.Http.Dialing;

/// <summary>Socket errors in the system's words, which are also the peers'.</summary>
internal static class SocketErrors
{
    /// <param name="unix">Of a unix domain socket, for which the platform says "address not available" when the file is missing.</param>
    public static string Describe(SocketException e, bool unix = false) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "connection reset by peer",
        SocketError.ConnectionAborted => "software caused connection abort",
        SocketError.HostUnreachable => "no route to host",
        SocketError.NetworkUnreachable => "network is unreachable",
        SocketError.TimedOut => "connection timed out",
        SocketError.AccessDenied => "permission denied",
        SocketError.AddressNotAvailable => unix ? "no such file or directory" : "cannot assign requested address",
        SocketError.Shutdown => "broken pipe",
        SocketError.TooManyOpenSockets => "too many open files",
        _ => e.Message.ToLowerInvariant(),
    };
}
