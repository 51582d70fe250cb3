using System.Collections.Concurrent;
using System.Net;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>What several remote writers sent and what of it a node acknowledged, to be compared with what the node holds.</summary>
public sealed class WrittenSamples
{
    private readonly ConcurrentDictionary<(string Series, long Time), double> _acknowledged = new();
    private readonly ConcurrentDictionary<(string Series, long Time), double> _attempted = new();

    /// <summary>Samples that were answered with 2xx.</summary>
    public int Acknowledged => _acknowledged.Count;

    /// <summary>Sends requests one after the other, each with the next millisecond of 10 series, until told to stop or the node is gone.</summary>
    public async Task WriteUntilStoppedAsync(MetricsServer node, string writer, CancellationToken stop)
    {
        await Task.Yield();
        var remote = new RemoteWriter(node);
        var start = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 1_800_000;
        for (var i = 0; i < 1_700_000 && !stop.IsCancellationRequested; i++)
        {
            var batch = Enumerable.Range(0, 10).Select(s => (Series: $"{writer}s{s}", Time: start + i, Value: i + s / 16.0)).ToArray();
            foreach (var sample in batch)
                _attempted[(sample.Series, sample.Time)] = sample.Value;
            try
            {
                var status = await remote.SendAsync(batch.Select(s =>
                    ((IReadOnlyList<(string, string)>)[("__name__", "written"), ("series", s.Series)], s.Time, s.Value)), CancellationToken.None);
                if (status is HttpStatusCode.OK or HttpStatusCode.NoContent)
                    foreach (var sample in batch)
                        _acknowledged[(sample.Series, sample.Time)] = sample.Value;
                else
                    Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    /// <summary>Asserts that the node holds everything acknowledged and nothing that nobody sent.</summary>
    /// <param name="writers">Only what writers whose names begin so have sent; empty: all.</param>
    public async Task CompareAsync(MetricsServer node, string writers = "")
    {
        var stored = new Dictionary<(string, long), double>();
        foreach (var (labels, samples) in await node.SamplesAsync($"written{{series=~'{writers}.*'}}[1d]"))
            foreach (var sample in samples)
                stored.Add((labels.Split("series=")[1], (long)Math.Round(sample.Time * 1000)), MetricsServer.Number(sample.Value));
        var lost = _acknowledged.Where(a => a.Key.Series.StartsWith(writers, StringComparison.Ordinal) && (!stored.TryGetValue(a.Key, out var value) || value != a.Value)).ToList();
        Assert.True(lost.Count == 0, $"{lost.Count} of {_acknowledged.Count} acknowledged samples are gone or changed, the first: {lost.FirstOrDefault()}");
        var invented = stored.Where(s => !_attempted.TryGetValue(s.Key, out var value) || value != s.Value).ToList();
        Assert.True(invented.Count == 0, $"{invented.Count} samples nobody sent, the first: {invented.FirstOrDefault()}");
    }
}
