using System.Net.Sockets;

namespace ActorMon.Http.Dialing;

/// <summary>Socket errors in the system's words, which are also the peers'.</summary>
internal static class SocketErrors
{
    public static string Describe(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "connection reset by peer",
        SocketError.ConnectionAborted => "software caused connection abort",
        SocketError.HostUnreachable => "no route to host",
        SocketError.NetworkUnreachable => "network is unreachable",
        SocketError.TimedOut => "connection timed out",
        SocketError.AccessDenied => "permission denied",
        SocketError.AddressNotAvailable => e.NativeErrorCode == NoSuchFile ? "no such file or directory" : "cannot assign requested address",
        SocketError.Shutdown => "broken pipe",
        SocketError.TooManyOpenSockets => "too many open files",
        _ => e.NativeErrorCode == NoSuchFile ? "no such file or directory" : e.Message.ToLowerInvariant(),
    };

    private const int NoSuchFile = 2;
}
