using ActorMon.Actors.Series;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Rules.Evaluation;
using Akka.Actor;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Rules;

/// <summary>
/// Writes what one group made by way of the node's IngestLink. Order and duplicates are decided here, as at every entry: by what the group wrote last, and for a series that it has
/// not written yet by what the cluster has. One call at a time.
/// </summary>
public sealed class RuleAppender(RuleRuntime runtime, IActorRef ingest) : IRuleAppender
{
    private readonly Dictionary<LabelSet, (long Time, double Value)> _last = [];
    private readonly List<LabelSet> _unknown = [];
    private readonly List<LooseSample> _admitted = [];
    private readonly List<int> _places = [];

    /// <summary>Series are asked for anew before they are written next: others may have written them since.</summary>
    public void Forget() => _last.Clear();

    public async ValueTask<AppendResult> AppendAsync(IReadOnlyList<LooseSample> samples, CancellationToken cancellation)
    {
        var refused = new List<RefusedSample>();
        await LearnAsync(samples, refused, cancellation).ConfigureAwait(false);
        _admitted.Clear();
        _places.Clear();
        var window = (long)runtime.OutOfOrderWindow().TotalMilliseconds;
        var limited = refused.Select(r => r.Index).ToHashSet();
        for (var i = 0; i < samples.Count; i++)
        {
            if (limited.Contains(i))
                continue;
            if (Admit(samples[i], window, out var isKnown) is { } refusal)
                refused.Add(new RefusedSample(i, refusal));
            else if (!isKnown)
            {
                _admitted.Add(samples[i]);
                _places.Add(i);
            }
        }
        if (_admitted.Count > 0)
            await WriteAsync(refused, cancellation).ConfigureAwait(false);
        refused.Sort(static (a, b) => a.Index.CompareTo(b.Index));
        return refused.Count == 0 ? AppendResult.Done : new AppendResult(null, refused);
    }

    private async ValueTask LearnAsync(IReadOnlyList<LooseSample> samples, List<RefusedSample> refused, CancellationToken cancellation)
    {
        _unknown.Clear();
        foreach (var sample in samples)
            if (!_last.ContainsKey(sample.Series))
                _unknown.Add(sample.Series);
        if (_unknown.Count == 0)
            return;
        var (newest, missing) = await runtime.Newest(_unknown, cancellation).ConfigureAwait(false);
        var problem = missing.Count > 0 ? string.Join("; ", missing) : null;
        for (var i = 0; i < samples.Count; i++)
        {
            var series = samples[i].Series;
            if (_last.ContainsKey(series))
                continue;
            if (newest.Newest(series) is { } known)
                _last[series] = known;
            else if (problem is not null)
                refused.Add(new RefusedSample(i, problem, IsFailure: true));
            else if (runtime.Admission.Admit(series, StableHash.Of(series)) is { } refusal)
                refused.Add(new RefusedSample(i, refusal.Text));
        }
    }

    private string? Admit(in LooseSample sample, long window, out bool isKnown)
    {
        isKnown = false;
        var time = sample.Timestamp.Value;
        if (_last.TryGetValue(sample.Series, out var last))
        {
            if (time < last.Time - window)
                return window > 0 ? "too old sample" : "out of order sample";
            if (time == last.Time)
            {
                isKnown = sample.Histogram is not null || BitConverter.DoubleToInt64Bits(last.Value) == BitConverter.DoubleToInt64Bits(sample.Value);
                return isKnown ? null : "duplicate sample for timestamp";
            }
        }
        if (sample.Histogram is null && SpecialValues.IsStale(sample.Value))
            _last.Remove(sample.Series);
        else if (time > last.Time)
            _last[sample.Series] = (time, sample.Histogram is null ? sample.Value : double.NaN);
        return null;
    }

    private async ValueTask WriteAsync(List<RefusedSample> refused, CancellationToken cancellation)
    {
        var batches = runtime.Batches.Split(_admitted, [], []);
        var failures = new Dictionary<PartitionId, string>();
        try
        {
            var answer = await ingest.Ask<Ingested>(new Ingest(0, batches), runtime.AppendDeadline, cancellation).ConfigureAwait(false);
            for (var i = 0; i < answer.Results.Count; i++)
                if (answer.Results[i].Outcome != BatchOutcome.Accepted)
                    failures[batches[i].Partition] = answer.Results[i].Error ?? "a partition did not take the write";
        }
        catch (AskTimeoutException)
        {
            foreach (var batch in batches)
                failures[batch.Partition] = $"no acknowledgement within {runtime.AppendDeadline.TotalSeconds:0} s";
        }
        for (var i = 0; failures.Count > 0 && i < _admitted.Count; i++)
        {
            var series = _admitted[i].Series;
            if (!failures.TryGetValue(runtime.Batches.PartitionOf(series), out var failure))
                continue;
            // Whether it is stored is not known: it is asked for before it is written next.
            _last.Remove(series);
            refused.Add(new RefusedSample(_places[i], failure, IsFailure: true));
        }
    }
}
