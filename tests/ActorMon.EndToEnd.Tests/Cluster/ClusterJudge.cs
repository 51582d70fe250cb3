using System.Globalization;
using System.Text.Json;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>Reads back, from every running node, what a run has stored, and judges each sample by itself: by series and time alone there is one right value.</summary>
public sealed class ClusterJudge(ChaosRun run)
{
    private const int WindowSeconds = 60;

    /// <summary>Scrapes go on; those before have been stored or given up.</summary>
    private const int UnderWaySeconds = 10;

    /// <summary>A scrape's time is when it began: before it arrives at the target, by at most its time-out and what a busy machine takes.</summary>
    private const long ScrapeStartsBeforeMs = 30_000;

    /// <summary>A scrape that begins so little before its place in the interval gets that as its time.</summary>
    private const long GridMs = 101;

    private readonly Dictionary<int, SortedSet<long>> _stored = [];
    private long _samples;

    /// <summary>Asserts that all is there, right and equal on all nodes.</summary>
    public async Task CompareAsync()
    {
        Assert.True(run.Probe.Wrong.Count == 0, $"{run.Probe.Wrong.Count} answers looked complete and were wrong, the first: {run.Probe.Wrong.FirstOrDefault()}");
        // Whole seconds, none of the writers' last one left out.
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000 + 1;
        foreach (var writer in run.Written)
            await CompareWriterAsync(writer, now);
        for (var target = 0; target < run.Fleet.Targets; target++)
            await CompareTargetAsync(target, now - UnderWaySeconds);
        run.Figures.Add(string.Create(CultureInfo.InvariantCulture, $"{_samples} samples read from each of {run.Scene.Running.Count()} nodes: all acknowledged ones there, none wrong, all answers equal"));
    }

    /// <summary>Gaps and hand-overs of the targets, the writers' waits.</summary>
    public void PrintLoad()
    {
        var scraped = Enumerable.Range(0, run.Fleet.Targets).Select(run.Fleet.Scrapes).ToList();
        run.Figures.Goal("longest time that a target was not scraped", Longest(scraped.Select(s => s.Select(x => x.At))), 20);
        if (run.Clocks.Count == 0)
            run.Figures.Goal("longest gap between stored samples of a target", Longest(_stored.Values), 20);
        run.Figures.Add(string.Create(CultureInfo.InvariantCulture,
            $"{scraped.Sum(s => s.Count)} scrapes, {_stored.Values.Sum(s => s.Count)} stored, {scraped.Sum(s => s.Zip(s.Skip(1)).Count(p => p.First.By != p.Second.By))} hand-overs, "
            + $"{scraped.Sum(Interleaved)} scrapes by a node after another had taken the target over"));
        run.Figures.Add(string.Create(CultureInfo.InvariantCulture,
            $"writes: {run.Written.Sum(w => w.Acknowledged.Count)} acknowledged, {run.Written.Sum(w => w.Repeated)} repeated, the longest waited {run.Written.Max(w => w.Longest.TotalSeconds):F1} s"));
    }

    /// <summary>Scrapes by a node that had scraped the target before another did, within a few seconds of that.</summary>
    private static int Interleaved(IReadOnlyList<SeenScrape> scrapes)
    {
        var count = 0;
        for (var i = 2; i < scrapes.Count; i++)
            if (scrapes[i].By is { } by && by == scrapes[i - 2].By && by != scrapes[i - 1].By && scrapes[i].At - scrapes[i - 2].At < 10_000)
                count++;
        return count;
    }

    private static TimeSpan Longest(IEnumerable<IEnumerable<long>> times)
    {
        var longest = 0L;
        foreach (var one in times)
        {
            long? before = null;
            foreach (var time in one)
            {
                longest = Math.Max(longest, time - before ?? 0);
                before = time;
            }
        }
        return TimeSpan.FromMilliseconds(longest);
    }

    private async Task CompareWriterAsync(AcknowledgedWriter writer, long now)
    {
        var acknowledged = writer.Acknowledged;
        var stored = Enumerable.Range(0, writer.Series).Select(_ => new HashSet<long>()).ToArray();
        await ReadAsync($"written{{writer='{writer.Name}'}}", acknowledged[0], now, (metric, time, value) =>
        {
            var series = int.Parse(metric.GetProperty("s").GetString()!, CultureInfo.InvariantCulture);
            Assert.True(writer.Attempted(time) && value == AcknowledgedWriter.ValueOf(series, time), $"{metric} has {value} at {time}, which nobody wrote");
            Assert.True(stored[series].Add(time), $"{metric} has two samples at {time}");
        });
        for (var s = 0; s < stored.Length; s++)
        {
            var lost = acknowledged.Where(time => !stored[s].Contains(time)).ToList();
            Assert.True(lost.Count == 0, $"{lost.Count} of {acknowledged.Count} acknowledged samples of {writer.Name}/{s} are gone, from {lost.FirstOrDefault()} to {lost.LastOrDefault()}");
        }
    }

    private async Task CompareTargetAsync(int target, long now)
    {
        var scrapes = run.Fleet.Scrapes(target);
        var numbers = new Dictionary<long, long>();
        var whole = new Dictionary<long, int>();
        void Judge(JsonElement metric, long time, double value)
        {
            var number = RecordingFleet.ScrapeOf(value, int.Parse(metric.GetProperty("s").GetString()!, CultureInfo.InvariantCulture));
            Assert.True(
                number is { } n && n <= scrapes.Count && IsTimeOf(scrapes[(int)n - 1], time),
                $"{metric} has {value} at {time}, which was not shown then: {scrapes.Count} scrapes, {(number is { } shown && shown <= scrapes.Count ? scrapes[(int)shown - 1] : null)}");
            Assert.True(!numbers.TryGetValue(time, out var known) || known == number, $"{metric} at {time} is of scrape {number}, its neighbours are of {known}");
            numbers[time] = number!.Value;
            whole[time] = whole.GetValueOrDefault(time) + 1;
        }

        foreach (var ahead in run.Clocks.Values.Append(0).Distinct())
            await ReadAsync(FormattableString.Invariant($"fleet{{pod='{target}'}}"), scrapes[0].At + ahead - ScrapeStartsBeforeMs, now + (ahead / 1000), Judge);
        var torn = whole.Where(w => w.Value != run.Fleet.SeriesPerTarget).ToList();
        Assert.True(torn.Count == 0, $"{torn.Count} scrapes of target {target} are not whole, the first: {torn.FirstOrDefault()}");
        Assert.True(numbers.Values.Distinct().Count() == numbers.Count, $"a scrape of target {target} is stored at two times");
        _stored[target] = [.. numbers.Keys];
    }

    private bool IsTimeOf(SeenScrape scrape, long time)
    {
        // Whose connection could not be looked up may have been any node's.
        var clocks = scrape.By is { } by ? [run.Clocks.GetValueOrDefault(by)] : run.Clocks.Values.Append(0);
        return clocks.Any(ahead => time - ahead <= scrape.At + GridMs && time - ahead >= scrape.At - ScrapeStartsBeforeMs);
    }

    /// <summary>All samples of a selector from all nodes, in windows; the nodes' answers must be the same bytes.</summary>
    private async Task ReadAsync(string selector, long fromMs, long to, Action<JsonElement, long, double> sample)
    {
        for (var start = fromMs / 1000; start < to; start += WindowSeconds)
        {
            // Nothing after the end: the targets go on.
            var end = Math.Min(start + WindowSeconds, to);
            var path = MetricsServer.QueryPath(FormattableString.Invariant($"{selector}[{end - start}s]"), end);
            string? first = null;
            foreach (var member in run.Scene.Running)
            {
                var text = await member.TextAsync(path);
                first ??= text;
                Assert.True(text == first, $"{member} does not say of {selector} up to {end} what the first node says; {Difference(first, text)}");
            }
            using var answer = JsonDocument.Parse(first!);
            Assert.False(answer.RootElement.TryGetProperty("warnings", out var warnings), $"{selector} up to {end}: {warnings}");
            foreach (var row in answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray())
                foreach (var pair in row.GetProperty("values").EnumerateArray())
                {
                    sample(row.GetProperty("metric"), (long)Math.Round(pair[0].GetDouble() * 1000), MetricsServer.Number(pair[1].GetString()!));
                    _samples++;
                }
        }
    }

    private static string Difference(string first, string other)
    {
        var at = first.AsSpan().CommonPrefixLength(other);
        return $"from character {at}: {first.AsSpan(at)[..Math.Min(200, first.Length - at)]} | {other.AsSpan(at)[..Math.Min(200, other.Length - at)]}";
    }
}
