using System.Collections.Concurrent;
using ActorMon.Http;
using ActorMon.Http.Options;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Actors.Scraping;

/// <summary>
/// The node's HTTP clients for scraping: one per job (and unix socket), shared by the job's targets, kept until a configuration no longer has the job's options.
/// Clients that <see cref="Retain"/> drops are not closed: until the next assignment reaches them, targets of the old configuration scrape on with theirs. The garbage
/// collector ends them after the last such target; their connections close when idle. Thread-safe.
/// </summary>
public sealed class ScrapeClients(HttpClientContext context) : IDisposable
{
    private readonly ConcurrentDictionary<(HttpClientOptions Options, string Socket), Lazy<HttpMessageInvoker>> _clients = new(KeyByReference.Instance);

    public HttpMessageInvoker For(ScrapeJob job, string unixSocket) =>
        _clients.GetOrAdd(
            (job.Http, unixSocket),
            key => new Lazy<HttpMessageInvoker>(() => HttpClients.Create(key.Options, key.Socket.Length == 0 ? context : context with { UnixSocketPath = key.Socket }))).Value;

    /// <summary>Forgets the clients of options that no job has any more.</summary>
    public void Retain(IEnumerable<ScrapeJob> jobs)
    {
        var kept = jobs.Select(j => j.Http).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var key in _clients.Keys)
            if (!kept.Contains(key.Options))
                _clients.TryRemove(key, out _);
    }

    public void Dispose()
    {
        foreach (var key in _clients.Keys)
            if (_clients.TryRemove(key, out var client) && client.IsValueCreated)
                client.Value.Dispose();
    }

    // Options of different jobs never share a client even when they are equal: each pool has its own connections, as in the original.
    private sealed class KeyByReference : IEqualityComparer<(HttpClientOptions Options, string Socket)>
    {
        public static readonly KeyByReference Instance = new();

        public bool Equals((HttpClientOptions Options, string Socket) x, (HttpClientOptions Options, string Socket) y) =>
            ReferenceEquals(x.Options, y.Options) && x.Socket == y.Socket;

        public int GetHashCode((HttpClientOptions Options, string Socket) key) =>
            HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(key.Options), key.Socket.GetHashCode(StringComparison.Ordinal));
    }
}
