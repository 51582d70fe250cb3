using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>
/// A network between the nodes that needs no privileges: in front of each node's two ports stands a relay, which finds out which node has connected. While a pair is cut
/// nothing passes between the two in either direction: bytes stay where they are, as in a network that loses packets, and connections end only when a node gives them up. After
/// healing what waited goes on, in order.
/// </summary>
public sealed class CutNetwork : IAsyncDisposable
{
    private readonly List<ClusterMember> _members = [];
    private readonly List<TcpListener> _listeners = [];
    private readonly ConcurrentBag<Task> _work = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly HashSet<(ClusterMember, ClusterMember)> _cut = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Puts the relays in front of a node.</summary>
    public void Attach(ClusterMember member)
    {
        lock (_lock)
            _members.Add(member);
        foreach (var port in (int[])[member.At.ClusterPort, member.At.LinkPort])
        {
            var listener = new TcpListener(IPAddress.Parse(member.At.Host), port);
            listener.Start();
            _listeners.Add(listener);
            _work.Add(AcceptAsync(listener, member, new IPEndPoint(IPAddress.Parse(member.At.Listens), port)));
        }
    }

    /// <summary>Nothing passes between nodes of one side and nodes of the other.</summary>
    public void Cut(IReadOnlyCollection<ClusterMember> side, IReadOnlyCollection<ClusterMember> other) => Change(() =>
    {
        foreach (var a in side)
            foreach (var b in other)
            {
                _cut.Add((a, b));
                _cut.Add((b, a));
            }
    });

    /// <summary>Nothing passes from one node to the other; what comes back does.</summary>
    public void CutOneWay(ClusterMember from, ClusterMember to) => Change(() => _cut.Add((from, to)));

    public void Heal() => Change(_cut.Clear);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        foreach (var listener in _listeners)
            listener.Dispose();
        await Task.WhenAll(_work);
        _stopping.Dispose();
    }

    private void Change(Action change)
    {
        TaskCompletionSource before;
        lock (_lock)
        {
            change();
            (before, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        before.SetResult();
    }

    private async Task OpenAsync(ClusterMember from, ClusterMember to)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (!_cut.Contains((from, to)))
                    return;
                changed = _changed.Task;
            }
            await changed.WaitAsync(_stopping.Token);
        }
    }

    private async Task AcceptAsync(TcpListener listener, ClusterMember member, IPEndPoint behind)
    {
        try
        {
            while (true)
                _work.Add(RelayAsync(await listener.AcceptTcpClientAsync(_stopping.Token), member, behind));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The scene is over.
        }
    }

    private async Task RelayAsync(TcpClient client, ClusterMember to, IPEndPoint behind)
    {
        await Task.Yield();
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            try
            {
                if (OwnerOf((IPEndPoint)client.Client.RemoteEndPoint!) is not { } from)
                    return;
                await OpenAsync(from, to);
                await server.ConnectAsync(behind, _stopping.Token);
                await Task.WhenAny(PassAsync(client, server, from, to), PassAsync(server, client, to, from));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
            {
                // One side has ended the connection: so does the relay, to the other.
            }
        }
    }

    private async Task PassAsync(TcpClient source, TcpClient sink, ClusterMember from, ClusterMember to)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (await source.GetStream().ReadAsync(buffer, _stopping.Token) is var count and > 0)
            {
                await OpenAsync(from, to);
                await sink.GetStream().WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // Ended: the caller closes both.
        }
        // A close does not pass a cut either.
        if (!_stopping.IsCancellationRequested)
            await OpenAsync(from, to);
    }

    private ClusterMember? OwnerOf(IPEndPoint client)
    {
        lock (_lock)
            return ClusterMember.OwnerOf(client, [.. _members]);
    }
}
