using System.Globalization;
using ActorMon.Alerting.Matchers;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;

namespace ActorMon.Alerting.Silences;

/// <summary>
/// All silences. Changes are decided without being made (Decide...) and made by <see cref="Apply"/>, so that they can be journaled between the two and replayed.
/// Asking which silence an alert cost the same whatever their number where their matchers are literal. Not thread-safe.
/// </summary>
public sealed class SilenceBook(SilenceLimits limits, MatcherSyntax syntax)
{
    private readonly Dictionary<string, Silence> _silences = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Silence>> _earlier = new(StringComparer.Ordinal);
    private readonly MatcherIndex<string> _index = new();
    private readonly HashSet<string> _found = [];

    /// <summary>Versions of one silence that are kept: the first and the last ones.</summary>
    public const int MaxVersions = 20;

    public int Count => _silences.Count;

    public IReadOnlyCollection<Silence> All => _silences.Values;

    public Silence? Get(string id) => _silences.GetValueOrDefault(id);

    /// <summary>Creates or changes a silence: in place when the times allow it, otherwise the old one ends and a new one begins.</summary>
    /// <param name="newId">The id of the silence if a new one begins.</param>
    public SilenceDecision DecideSet(SilenceProposal proposal, DateTimeOffset now, string newId)
    {
        proposal = proposal with { StartsAt = proposal.StartsAt ?? now };
        var (sets, error) = proposal.Check(syntax);
        if (sets is null)
            return SilenceDecision.Refuse(SilenceRefusal.Invalid, "invalid silence: " + error);
        var previous = Get(proposal.Id);
        if (proposal.Id.Length > 0 && previous is null)
            return SilenceDecision.Refuse(SilenceRefusal.NotFound, "silence not found");
        var silence = new Silence
        {
            Id = proposal.Id,
            MatcherSets = sets,
            StartsAt = proposal.StartsAt!.Value,
            EndsAt = proposal.EndsAt!.Value,
            UpdatedAt = now,
            CreatedBy = proposal.CreatedBy,
            Comment = proposal.Comment,
            Annotations = proposal.Annotations,
            UntilResolved = proposal.UntilResolved,
        };
        if (previous is not null && previous.CanBecome(sets, silence.StartsAt, silence.EndsAt, now))
            return TooLarge(silence) ?? new SilenceDecision(silence.Id, [silence with { HasMatched = previous.HasMatched }]);
        if (limits.MaxSilences > 0 && _silences.Count + 1 > limits.MaxSilences)
            return SilenceDecision.Refuse(SilenceRefusal.Limit, string.Create(CultureInfo.InvariantCulture,
                $"exceeded maximum number of silences: {_silences.Count} (limit: {limits.MaxSilences})"));
        silence = silence with { Id = newId, StartsAt = silence.StartsAt < now ? now : silence.StartsAt };
        if (TooLarge(silence) is { } refused)
            return refused;
        return new SilenceDecision(newId, previous is null || previous.StateAt(now) == SilenceState.Expired ? [silence] : [Expired(previous, now), silence]);
    }

    /// <summary>
    /// Changes a silence under its id whatever changes, its matchers too: who follows it by its id goes on seeing it. What was before is among its
    /// <see cref="Versions"/>. An ended one stays ended.
    /// </summary>
    public SilenceDecision DecideEdit(SilenceProposal proposal, DateTimeOffset now)
    {
        if (Get(proposal.Id) is not { } known)
            return SilenceDecision.Refuse(SilenceRefusal.NotFound, "silence not found");
        var state = known.StateAt(now);
        if (state == SilenceState.Expired)
            return SilenceDecision.Refuse(SilenceRefusal.Invalid, "the silence has ended: make a new one");
        var start = state == SilenceState.Active ? known.StartsAt : proposal.StartsAt is { } asked && asked > now ? asked : now;
        proposal = proposal with { StartsAt = start };
        var (sets, error) = proposal.Check(syntax);
        if (sets is null)
            return SilenceDecision.Refuse(SilenceRefusal.Invalid, "invalid silence: " + error);
        if (proposal.EndsAt < now)
            return SilenceDecision.Refuse(SilenceRefusal.Invalid, "invalid silence: end time can't be in the past");
        var edited = known with
        {
            MatcherSets = sets,
            StartsAt = start,
            EndsAt = proposal.EndsAt!.Value,
            UpdatedAt = now,
            CreatedBy = proposal.CreatedBy,
            Comment = proposal.Comment,
            Annotations = proposal.Annotations,
            UntilResolved = proposal.UntilResolved,
            HasMatched = known.HasMatched && known.MatcherSets.SequenceEqual(sets),
        };
        return TooLarge(edited) ?? new SilenceDecision(edited.Id, [edited]);
    }

    /// <summary>A silence as it was and is, the oldest first, at most <see cref="MaxVersions"/>; empty: unknown.</summary>
    public IReadOnlyList<Silence> Versions(string id) =>
        Get(id) is not { } silence ? [] : _earlier.TryGetValue(id, out var earlier) ? [.. earlier, silence] : [silence];

    /// <summary>Every silence with its versions, each in order: applied to an empty book they make this one.</summary>
    public IEnumerable<Silence> AllVersions
    {
        get
        {
            foreach (var silence in _silences.Values)
            {
                foreach (var earlier in _earlier.GetValueOrDefault(silence.Id) ?? [])
                    yield return earlier;
                yield return silence;
            }
        }
    }

    /// <summary>Ends a silence now; one that has ended already stays as it is.</summary>
    public SilenceDecision DecideExpire(string id, DateTimeOffset now)
    {
        if (Get(id) is not { } silence)
            return SilenceDecision.Refuse(SilenceRefusal.NotFound, "silence not found");
        return new SilenceDecision(id, silence.StateAt(now) == SilenceState.Expired ? [] : [Expired(silence, now)]);
    }

    /// <summary>Stores a silence unless a newer version of it is here; true when something changed.</summary>
    public bool Apply(Silence silence)
    {
        if (_silences.TryGetValue(silence.Id, out var known) && known.UpdatedAt > silence.UpdatedAt)
            return false;
        if (known is not null && known.UpdatedAt < silence.UpdatedAt)
            Remember(known);
        _silences[silence.Id] = silence;
        // The index holds what can still silence something, so that a long retention costs no time.
        _index.Add(silence.Id, silence.MatcherSets);
        return true;
    }

    public bool Remove(string id)
    {
        _index.Remove(id);
        _earlier.Remove(id);
        return _silences.Remove(id);
    }

    /// <summary>Takes ended silences out of the way of matching (they stay listed) and gives those whose retention is over, for removal.</summary>
    public IReadOnlyList<string> Collect(DateTimeOffset now)
    {
        var over = new List<string>();
        foreach (var silence in _silences.Values)
        {
            if (silence.EndsAt <= now)
                _index.Remove(silence.Id);
            if (silence.EndsAt + limits.Retention <= now)
                over.Add(silence.Id);
        }
        return over;
    }

    /// <summary>The ids of the active silences that match, sorted; empty: none.</summary>
    /// <param name="isResolved">The alert has ended: one until resolved does not keep that back.</param>
    public IReadOnlyList<string> Silencing(LabelSet labels, DateTimeOffset now, bool isResolved = false)
    {
        _found.Clear();
        _index.Find(labels, _found);
        List<string>? silencing = null;
        foreach (var id in _found)
            if (_silences[id] is var silence && silence.StateAt(now) == SilenceState.Active && !(isResolved && silence.UntilResolved) && silence.Matches(labels))
                (silencing ??= []).Add(id);
        silencing?.Sort(StringComparer.Ordinal);
        return silencing ?? (IReadOnlyList<string>)[];
    }

    private void Remember(Silence silence)
    {
        if (!_earlier.TryGetValue(silence.Id, out var earlier))
            _earlier[silence.Id] = earlier = [];
        // The first version says who made it: what gives way is the second.
        if (earlier.Count == MaxVersions - 1)
            earlier.RemoveAt(1);
        earlier.Add(silence);
    }

    private static Silence Expired(Silence silence, DateTimeOffset now) =>
        silence with { StartsAt = silence.StartsAt > now ? now : silence.StartsAt, EndsAt = now, UpdatedAt = now };

    private SilenceDecision? TooLarge(Silence silence)
    {
        if (limits.MaxSizeBytes <= 0)
            return null;
        var size = SizeOf(silence);
        return size <= limits.MaxSizeBytes ? null : SilenceDecision.Refuse(SilenceRefusal.Limit, string.Create(CultureInfo.InvariantCulture,
            $"silence exceeded maximum size: {size} bytes (limit: {limits.MaxSizeBytes} bytes)"));
    }

    /// <summary>The texts of a silence in bytes, and 16 for each time.</summary>
    private static int SizeOf(Silence silence) =>
        48 + ByteText.ByteCount(silence.Id) + ByteText.ByteCount(silence.CreatedBy) + ByteText.ByteCount(silence.Comment)
        + silence.MatcherSets.Sum(set => set.Matchers.Sum(m => ByteText.ByteCount(m.Name) + ByteText.ByteCount(m.Value) + 2))
        + silence.Annotations.Sum(label => ByteText.ByteCount(label.Name) + ByteText.ByteCount(label.Value) + 2);
}
