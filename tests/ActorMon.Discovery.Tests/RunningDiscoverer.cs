using System.Threading.Channels;

namespace ActorMon.Discovery.Tests;

/// <summary>A discoverer at work, its events in order. Waiting for an event has a limit, so that a lost one fails the test.</summary>
internal sealed class RunningDiscoverer : IAsyncDisposable
{
    private readonly Channel<DiscoveryEvent> _events = Channel.CreateUnbounded<DiscoveryEvent>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public RunningDiscoverer(IDiscoverer discoverer) => _running = discoverer.RunAsync(next => _events.Writer.TryWrite(next), _stop.Token);

    public async Task<DiscoveryEvent> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _events.Reader.ReadAsync(limit.Token);
    }

    /// <summary>The events of one reading of the files, the last left out: groups and failures.</summary>
    public async Task<(List<DiscoveryEvent> Events, FilesScanned Scan)> ScanAsync()
    {
        var events = new List<DiscoveryEvent>();
        while (true)
        {
            var next = await NextAsync();
            if (next is FilesScanned scan)
                return (events, scan);
            events.Add(next);
        }
    }

    /// <summary>The groups of one reading as <c>source labels targets</c>.</summary>
    public async Task<List<string>> GroupsAsync()
    {
        var (events, _) = await ScanAsync();
        return [.. events.OfType<GroupsDiscovered>().SelectMany(found => found.Groups).Select(group => $"{group.Source} {group.Labels} {string.Concat(group.Targets)}")];
    }

    /// <summary>Whether events wait that nobody has asked for.</summary>
    public bool IsQuiet => !_events.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }
}
