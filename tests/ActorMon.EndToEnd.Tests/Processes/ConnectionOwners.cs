using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>Says which of the processes that a test has started holds the other end of a connection on loopback, by the kernel's tables of connections and of open files.</summary>
public static class ConnectionOwners
{
    /// <param name="peer">The client's end: an IPv4 address of loopback.</param>
    /// <param name="processes">Ids of those who may have it.</param>
    /// <returns>The process, or null: none of them, or its connection is gone already.</returns>
    public static int? Of(IPEndPoint peer, IEnumerable<int> processes)
    {
        if (InodeOf(peer) is not { } inode)
            return null;
        var name = string.Create(CultureInfo.InvariantCulture, $"socket:[{inode}]");
        foreach (var process in processes)
            if (Holds(process, name))
                return process;
        return null;
    }

    private static bool Holds(int process, string socket)
    {
        try
        {
            foreach (var file in Directory.EnumerateFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd")))
                if (new FileInfo(file).LinkTarget == socket)
                    return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process, or the file, has just ended.
        }
        return false;
    }

    /// <summary>Of the connection whose own end is <paramref name="local"/>: addresses stand in /proc/net/tcp as hexadecimal numbers of the machine, clients of IPv6 sockets in tcp6.</summary>
    private static long? InodeOf(IPEndPoint local)
    {
        var address = local.Address.IsIPv4MappedToIPv6 ? local.Address.MapToIPv4() : local.Address;
        if (address.AddressFamily != AddressFamily.InterNetwork)
            return null;
        var end = string.Create(CultureInfo.InvariantCulture, $"{BitConverter.ToUInt32(address.GetAddressBytes()):X8}:{local.Port:X4}");
        foreach (var table in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
            foreach (var line in File.ReadLines(table))
            {
                var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (columns.Length > 9 && columns[1].EndsWith(end, StringComparison.Ordinal) && long.TryParse(columns[9], NumberStyles.None, CultureInfo.InvariantCulture, out var inode) && inode > 0)
                    return inode;
            }
        return null;
    }
}
