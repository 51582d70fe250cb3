using ActorMon.Alerting.Acknowledgements;
using ActorMon.Alerting.Silences;
using ActorMon.Model.Labels;
using ActorMon.Protocol.Alerting;
using Akka.Event;
using static ActorMon.Protocol.Alerting.AlertingProtocol;

namespace ActorMon.Actors.Alerting;

/// <summary>
/// What time and alerts change: occurrences of recurring silences begin, what has long ended is forgotten, and what ends with its alerts is ended. For that all shards are asked in
/// rounds; a round counts when every shard has answered, and two in turn have to agree: an alert may be on its way from one shard to another.
/// </summary>
public sealed partial class SilenceRegistryActor
{
    private const int BeatsPerRound = 5;
    private static readonly TimeSpan CollectInterval = TimeSpan.FromMinutes(1);

    private readonly HashSet<(string Id, DateTimeOffset End)> _warned = [];
    private DateTimeOffset _collected;
    private long _beats;

    // The round under way.
    private long _round;
    private readonly HashSet<int> _silent = [];
    private IReadOnlyList<Silence> _asked = [];
    private IReadOnlyList<Acknowledgement> _askedFiring = [];
    private readonly HashSet<string> _matching = [];
    private readonly HashSet<int> _firing = [];

    // What the round before found without alerts.
    private HashSet<string> _idle = [];
    private HashSet<LabelSet> _ended = [];

    private void OnTick()
    {
        if (!_isRecovered)
            return;
        var now = Now;
        Happen(SilenceChange.None with { Released = _register.Acknowledged.Over(now) });
        if (now - _collected >= CollectInterval)
        {
            _collected = now;
            Happen(new SilenceChange(_register.Recurring.Plan(_register.Silences, now), _register.Silences.Collect(now)));
            Warn(now);
        }
        if (_beats++ % BeatsPerRound == 0)
            Ask(now);
    }

    private void Warn(DateTimeOffset now)
    {
        var soon = _register.Silences.All.Where(silence => SilenceEnds.IsSoon(silence, now)).ToArray();
        _warned.IntersectWith(soon.Select(silence => (silence.Id, silence.EndsAt)));
        foreach (var silence in soon)
            if (_warned.Add((silence.Id, silence.EndsAt)))
                _log.Warning(
                    "Silence {Id} of {CreatedBy} ({Comment}) ends at {EndsAt:yyyy-MM-ddTHH:mm:ssZ}: {Matchers}", silence.Id, silence.CreatedBy, silence.Comment, silence.EndsAt.UtcDateTime,
                    string.Join(" or ", silence.MatcherSets));
    }

    private void Ask(DateTimeOffset now)
    {
        if (_silent.Count > 0)
        {
            AskSilent();
            return;
        }
        _asked = [.. _register.Silences.All.Where(silence => silence.UntilResolved && silence.StateAt(now) == SilenceState.Active)];
        _askedFiring = [.. _register.Acknowledged.All];
        _matching.Clear();
        _firing.Clear();
        _round++;
        if (_asked.Count + _askedFiring.Count == 0)
            return;
        _silent.UnionWith(Enumerable.Range(0, _runtime.Shards));
        AskSilent();
    }

    /// <summary>Until they answer: a round has no other end.</summary>
    private void AskSilent()
    {
        foreach (var shard in _silent)
            _region.Tell(new FindMatches(shard, _round, _asked, _askedFiring), Self);
    }

    private void OnMatches(MatchesFound found)
    {
        if (found.Round != _round || !_silent.Remove(found.Shard))
            return;
        _matching.UnionWith(found.Matching);
        _firing.UnionWith(found.Firing);
        if (_silent.Count == 0)
            EndRound(Now);
    }

    private void EndRound(DateTimeOffset now)
    {
        var stored = new List<Silence>();
        var idle = new HashSet<string>();
        foreach (var asked in _asked)
        {
            // It may have been edited meanwhile.
            if (_register.Silences.Get(asked.Id) is not { } silence || silence.UpdatedAt != asked.UpdatedAt)
                continue;
            if (_matching.Contains(silence.Id))
            {
                // No version of its own: nobody changed it.
                if (!silence.HasMatched)
                    stored.Add(silence with { HasMatched = true });
            }
            else if (silence.HasMatched && !_idle.Contains(silence.Id))
                idle.Add(silence.Id);
            else if (silence.HasMatched)
            {
                _log.Info("Silence {Id} ends: no alert that fires matches it any more", silence.Id);
                stored.AddRange(_register.Silences.DecideExpire(silence.Id, now).Store);
            }
        }
        var released = new List<LabelSet>();
        var ended = new HashSet<LabelSet>();
        for (var i = 0; i < _askedFiring.Count; i++)
            if (!_firing.Contains(i) && _askedFiring[i] is var asked && asked.Equals(_register.Acknowledged.Get(asked.Labels)))
            {
                if (_ended.Contains(asked.Labels))
                    released.Add(asked.Labels);
                else
                    ended.Add(asked.Labels);
            }
        (_idle, _ended) = (idle, ended);
        Happen(new SilenceChange(stored, []) { Released = released });
    }
}
