using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace ActorMon.Host.Node;

/// <summary>Failures of a start that say something about the machine, not about the program: told in one line, without a stack trace.</summary>
public static class StartFailure
{
    /// <summary>The line for an expected failure; null: the exception is a surprise.</summary>
    public static string? TextOf(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is AddressInUseException)
                return exception.Message;
            if (e is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable or SocketError.AccessDenied } socket)
                return $"cannot listen: {socket.Message}";
        }
        return null;
    }

    /// <summary>
    /// Whether the node could listen on an address now; null: it could. Asked before actors start, so that a port in use costs nothing but this line.
    /// </summary>
    public static string? OfListening(string flag, IPEndPoint address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(address);
            socket.Listen(1);
            return null;
        }
        catch (SocketException e)
        {
            return $"cannot listen on {address} ({flag}): {e.Message}";
        }
    }
}
