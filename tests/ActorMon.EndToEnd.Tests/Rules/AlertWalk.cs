namespace ActorMon.EndToEnd.Tests.Rules;

/// <summary>A kill of the evaluator, Unix milliseconds.</summary>
/// <param name="From">When it was killed.</param>
/// <param name="Evaluator">When there was one again.</param>
/// <param name="Settled">When all series were there again.</param>
public sealed record Disturbance(long From, long Evaluator, long Settled);

/// <summary>
/// The alert state machine, written once more: goes through the evaluations there were and checks that each did what it had to do and nothing else. Around a kill an evaluation may have
/// decided nothing (it was cut off, or could not read), and for a while after it no alert ends; whatever is decided must be right.
/// </summary>
public sealed class AlertWalk(AlertWaves waves, EvaluatedGroup group, IReadOnlyList<Disturbance> disturbances)
{
    /// <summary>A new evaluator listens for two intervals before it takes silence for an end.</summary>
    private static readonly long Listening = (long)(2 * AlertWaves.Interval).TotalMilliseconds;

    private static readonly long Interval = (long)AlertWaves.Interval.TotalMilliseconds;

    private bool _isActive;
    private bool _isFiring;
    private long _activeAt;
    private long? _keptSince;

    public static void Check(AlertWaves waves, EvaluatedGroup group, IReadOnlyList<Disturbance> disturbances)
    {
        for (var wave = 0; wave < AlertWaves.Count; wave++)
            new AlertWalk(waves, group, disturbances).Walk(wave);
    }

    private void Walk(int wave)
    {
        var byTime = group.Transitions.Where(t => t.Wave == wave).ToLookup(t => t.At);
        foreach (var at in group.Evaluations)
        {
            var due = Due(waves.IsOn(wave, at), at);
            var done = byTime[at].ToList();
            Assert.True(
                done.Select(t => t.Change).SequenceEqual(due is null ? [] : [due]) || (done.Count == 0 && MayMiss(due!, at)),
                $"wave {wave} at {at}: {string.Join(", ", done)} where {due ?? "nothing"} was due; active {_isActive} since {_activeAt}, firing {_isFiring}, kept since {_keptSince}; {Nearest(at)}");
            foreach (var transition in done)
            {
                Follow(transition.Change, at);
                Assert.True(transition.ActiveAt == _activeAt, $"wave {wave}: {transition} was active since {_activeAt}");
            }
        }
    }

    private string? Due(bool isOn, long at)
    {
        if (!_isActive)
            return isOn ? "pending" : null;
        if (!_isFiring)
            return !isOn ? "withdrawn" : at - _activeAt >= AlertWaves.For.TotalMilliseconds ? "firing" : null;
        if (isOn)
            return _keptSince is null ? null : "resumed";
        return _keptSince is not { } kept ? "kept_firing" : at - kept >= AlertWaves.KeepFiringFor.TotalMilliseconds ? "resolved" : null;
    }

    private void Follow(string change, long at)
    {
        switch (change)
        {
            case "pending":
                (_isActive, _isFiring, _activeAt, _keptSince) = (true, false, at, null);
                break;
            case "firing":
                _isFiring = true;
                break;
            case "kept_firing":
                _keptSince = at;
                break;
            case "resumed":
                _keptSince = null;
                break;
            default:
                (_isActive, _isFiring) = (false, false);
                break;
        }
    }

    private bool MayMiss(string due, long at)
    {
        var isEnd = due is "withdrawn" or "kept_firing" or "resolved";
        return disturbances.Any(d => at >= d.From - Interval && (at <= d.Settled || (isEnd && at <= d.Evaluator + Listening + Interval)));
    }

    private string Nearest(long at) => disturbances.Count == 0 ? "nothing was disturbed" : $"nearest kill {disturbances.MinBy(d => Math.Abs(d.From - at))}";
}
