using ActorMon.Model.Samples;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Groups;

namespace ActorMon.Rules.Memory;

/// <summary>What the journal of a group has told so far; becomes the state of the group as it is defined now. Not thread-safe.</summary>
public sealed class GroupMemory(HistorySettings settings)
{
    private readonly Dictionary<RuleKey, AlertBook> _books = [];

    public AlertHistory History { get; } = new(settings);

    /// <summary>Time of the last record; null: there was none.</summary>
    public TimestampMs? At { get; private set; }

    public void Apply(GroupTransitions transitions)
    {
        foreach (var (rule, change) in transitions.Changes)
            BookOf(rule).Apply(change);
        History.Add(transitions);
        At = transitions.At;
    }

    /// <summary>Instead of all before it.</summary>
    public void Apply(GroupSnapshot snapshot)
    {
        _books.Clear();
        foreach (var rule in snapshot.Rules)
            foreach (var alert in rule.Alerts)
                BookOf(rule.Rule).Put(alert);
        History.Set(snapshot.History, snapshot.At);
        At = snapshot.At;
    }

    /// <summary>The group goes on with what is remembered of its rules; what nobody goes on with is dropped. This memory must not be used again.</summary>
    public GroupState ToState(RuleGroup group)
    {
        var state = new GroupState(group, restore: false);
        Each(group, (index, book) =>
        {
            // Whether the last notice left its node before that ended is not known: they are told again at once, and receivers deduplicate.
            book.ForgetSent();
            state.Rules[index].Resume(book);
        });
        return state;
    }

    /// <summary>
    /// For a state that had to begin without this memory: alerts are taken over as they were before, so that their waiting began when it did; one that the new state does not
    /// have was active, and its end is still to be decided.
    /// </summary>
    public void MergeInto(RuleGroup group, GroupState state)
    {
        Each(group, (index, book) => state.Rules[index].Resume(book, onto: state.Rules[index].Alerts));
        state.MarkRestored();
    }

    /// <summary>All that a state holds, to be remembered.</summary>
    public static GroupSnapshot Take(RuleGroup group, GroupState state, AlertHistory history, TimestampMs at)
    {
        var keys = RuleKey.Of(group);
        var rules = new List<RuleAlerts>();
        for (var i = 0; i < keys.Count; i++)
            if (keys[i] is { } key && state.Rules[i].Alerts.Count > 0)
                rules.Add(new RuleAlerts(key, state.Rules[i].Alerts.Snapshot()));
        return new GroupSnapshot(at, rules, history.Snapshot());
    }

    private void Each(RuleGroup group, Action<int, AlertBook> use)
    {
        var keys = RuleKey.Of(group);
        for (var i = 0; i < keys.Count; i++)
            if (keys[i] is { } key && _books.TryGetValue(key, out var book))
                use(i, book);
    }

    private AlertBook BookOf(RuleKey rule)
    {
        if (!_books.TryGetValue(rule, out var book))
            _books.Add(rule, book = new AlertBook());
        return book;
    }
}
