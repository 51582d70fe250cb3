using System.Globalization;
using ActorMon.Alerting.Matchers;

namespace ActorMon.Alerting.Silences.Recurring;

/// <summary>
/// All recurring silences, and what they want of the book of silences. Nothing here changes that book: <see cref="Plan"/> says what to store, so it can be journaled
/// first. Not thread-safe.
/// </summary>
/// <param name="lead">How long before an occurrence begins its silence is there; less than the retention.</param>
/// <param name="retention">How long an ended silence is kept.</param>
public sealed class RecurringSilenceBook(TimeSpan lead, TimeSpan retention)
{
    public const int MaxCount = 1000;

    /// <summary>Occurrences of one recurring silence that are open at a time.</summary>
    private const int MaxOpen = 100;
    private readonly Dictionary<string, RecurringSilence> _recurring = new(StringComparer.Ordinal);

    public IReadOnlyCollection<RecurringSilence> All => _recurring.Values;

    public RecurringSilence? Get(string id) => _recurring.GetValueOrDefault(id);

    /// <summary>Creates or changes one, without storing it.</summary>
    /// <param name="newId">The id of a new one.</param>
    public (RecurringSilence? Store, SilenceRefusal Refusal, string Error) Decide(RecurringProposal proposal, MatcherSyntax syntax, DateTimeOffset now, string newId)
    {
        var isNew = proposal.Id.Length == 0;
        if (!isNew && !_recurring.ContainsKey(proposal.Id))
            return (null, SilenceRefusal.NotFound, "recurring silence not found");
        if (isNew && _recurring.Count >= MaxCount)
            return (null, SilenceRefusal.Limit, string.Create(CultureInfo.InvariantCulture, $"exceeded maximum number of recurring silences: {_recurring.Count} (limit: {MaxCount})"));
        var (silence, error) = proposal.Check(isNew ? newId : proposal.Id, syntax, now);
        return silence is null ? (null, SilenceRefusal.Invalid, "invalid recurring silence: " + error) : (silence, SilenceRefusal.None, "");
    }

    /// <summary>Stores one unless a newer version of it is here; true when something changed.</summary>
    public bool Apply(RecurringSilence silence)
    {
        if (_recurring.TryGetValue(silence.Id, out var known) && known.UpdatedAt > silence.UpdatedAt)
            return false;
        _recurring[silence.Id] = silence;
        return true;
    }

    public bool Remove(string id) => _recurring.Remove(id);

    /// <summary>
    /// The silences to store now: of each the next occurrence and all that come within the lead, as far as they are not there or look otherwise since the recurring one was edited, and,
    /// ended, those it no longer has. One that was changed or ended by hand stays so; a late one is made only while the book would still know that it was.
    /// </summary>
    public IReadOnlyList<Silence> Plan(SilenceBook book, DateTimeOffset now)
    {
        var store = new List<Silence>();
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var recurring in _recurring.Values)
        {
            var number = 0;
            foreach (var occurrence in recurring.Schedule.After(now).TakeWhile(o => number++ == 0 || o.StartsAt <= now + lead).Take(MaxOpen))
            {
                var silence = recurring.At(occurrence, now);
                wanted.Add(silence.Id);
                var known = book.Get(silence.Id);
                if (known is null ? silence.StartsAt > now + lead - retention : known.StateAt(now) != SilenceState.Expired && known.UpdatedAt < recurring.UpdatedAt && !IsSame(known, silence))
                    store.Add(silence);
            }
        }
        foreach (var known in book.All)
            if (RecurringSilence.IsOccurrence(known) && known.StateAt(now) != SilenceState.Expired && !wanted.Contains(known.Id))
                store.AddRange(book.DecideExpire(known.Id, now).Store);
        return store;
    }

    private static bool IsSame(Silence one, Silence other) =>
        one.StartsAt == other.StartsAt && one.EndsAt == other.EndsAt && one.CreatedBy == other.CreatedBy && one.Comment == other.Comment
        && one.MatcherSets.SequenceEqual(other.MatcherSets);
}
