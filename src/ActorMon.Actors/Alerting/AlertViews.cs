using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Inhibition;
using ActorMon.Alerting.Shards;
using ActorMon.Alerting.Silences;
using ActorMon.Model.Labels;
using ActorMon.Protocol.Alerting;

namespace ActorMon.Actors.Alerting;

/// <summary>
/// This node's view of all silences and of all alerts that inhibit others: what its shards ask before they tell anybody. Written by the AlertViewsActor, asked by all shards of the node.
/// Thread-safe.
/// </summary>
public sealed class AlertViews(Func<SilenceRegister> newRegister)
{
    private readonly Lock _lock = new();
    private SilenceRegister _register = newRegister();
    private bool _hasSilences;
    private TaskCompletionSource _changed = NewSignal();
    private readonly Dictionary<int, Dictionary<LabelSet, Alert>> _sources = [];
    private IReadOnlyList<InhibitRule> _rules = [];
    private Inhibitor _inhibitor = new([]);
    private bool _isWhole;
    private long _version;

    /// <summary>False until the silences and the sources of every shard are known by the configuration that the views go by.</summary>
    public bool IsWhole
    {
        get
        {
            lock (_lock)
                return _isWhole;
        }
    }

    /// <summary>Whole by this version of the configuration.</summary>
    public bool IsWholeBy(long version)
    {
        lock (_lock)
            return _isWhole && _version == version;
    }

    public void SetWhole(bool isWhole)
    {
        lock (_lock)
        {
            if (isWhole && !_isWhole)
                Signal();
            _isWhole = isWhole;
        }
    }

    /// <summary>Other rules: no source is known any more.</summary>
    public void Begin(ShardConfiguration configuration)
    {
        lock (_lock)
        {
            (_rules, _version) = (configuration.Config.InhibitRules, configuration.Version);
            _sources.Clear();
            (_inhibitor, _isWhole) = (new Inhibitor(_rules), false);
        }
    }

    /// <param name="isWhole">These are all sources of the shard; those it had before are no more.</param>
    /// <param name="now">Those that have not ended by now hold on until <see cref="Prune"/> finds them over.</param>
    public void Observe(int shard, IReadOnlyList<Alert> sources, bool isWhole, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_sources.TryGetValue(shard, out var known))
                _sources[shard] = known = [];
            var isLess = isWhole && known.Count > 0;
            if (isWhole)
                known.Clear();
            foreach (var source in sources)
            {
                known[source.Labels] = source;
                _inhibitor.Observe(Held(source, now));
            }
            if (!isLess)
                return;
            _inhibitor = new Inhibitor(_rules);
            foreach (var alerts in _sources.Values)
                foreach (var source in alerts.Values)
                    _inhibitor.Observe(Held(source, now));
        }
    }

    public void Change(SilenceChange change, bool isWhole)
    {
        lock (_lock)
        {
            if (isWhole)
                (_register, _hasSilences) = (newRegister(), true);
            change.ApplyTo(_register);
            Signal();
        }
    }

    /// <summary>Waits until the silences are known here and are so. False: not within the patience.</summary>
    /// <param name="seen">Asked under the lock after each change.</param>
    public Task<bool> SeesAsync(Func<SilenceRegister, bool> seen, TimeSpan patience, TimeProvider time, CancellationToken cancellation) =>
        UntilAsync(() => _hasSilences && seen(_register), patience, time, cancellation);

    /// <summary>Waits until the views are whole. False: not within the patience.</summary>
    public Task<bool> WholeAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellation) => UntilAsync(() => _isWhole, patience, time, cancellation);

    private async Task<bool> UntilAsync(Func<bool> isSo, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (isSo())
                    return true;
                changed = _changed.Task;
            }
            try
            {
                await changed.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    /// <summary>
    /// Forgets what is over. A source is over when it ended before the last word of its shard; until then it holds on, whatever its end: who could move that cannot while the shard is away.
    /// </summary>
    /// <param name="lastWord">When a shard was last heard of.</param>
    public void Prune(DateTimeOffset now, Func<int, DateTimeOffset> lastWord)
    {
        lock (_lock)
        {
            foreach (var (shard, known) in _sources)
            {
                var heard = lastWord(shard);
                foreach (var (labels, source) in known)
                    if (source.IsResolved(heard) && known.Remove(labels))
                        _inhibitor.Observe(source);
            }
            _inhibitor.Prune(now);
            // What is over is removed by the owner alone; here it goes out of the way of matching.
            _register.Silences.Collect(now);
        }
    }

    private static Alert Held(Alert source, DateTimeOffset now) => source.IsResolved(now) ? source : source with { EndsAt = null };

    /// <summary>Asks both under the lock: what it is given is not kept.</summary>
    public T Ask<T>(Func<Inhibitor, SilenceBook, T> question)
    {
        lock (_lock)
            return question(_inhibitor, _register.Silences);
    }

    /// <summary>As <see cref="Ask"/>, of all that people said.</summary>
    public T AskRegister<T>(Func<Inhibitor, SilenceRegister, T> question)
    {
        lock (_lock)
            return question(_inhibitor, _register);
    }

    private void Signal()
    {
        _changed.SetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
