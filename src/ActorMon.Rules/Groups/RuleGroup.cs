namespace ActorMon.Rules.Groups;

/// <summary>A group of rules that are evaluated together, at one time and in order. Immutable; named by file and name.</summary>
public sealed class RuleGroup
{
    public required string File { get; init; }
    public required string Name { get; init; }

    /// <summary>Above zero.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Null: the global one.</summary>
    public required TimeSpan? QueryOffset { get; init; }

    /// <summary>Most series or alerts of one rule, 0: no limit.</summary>
    public required long Limit { get; init; }
    public required IReadOnlyList<Rule> Rules { get; init; }

    /// <summary>Which rules may run at one time.</summary>
    public required RuleStages Stages { get; init; }

    /// <summary>What the group is called in metrics and across reloads: <c>file;name</c>.</summary>
    public string Key => $"{File};{Name}";

    /// <summary>True when nothing about the group differs, so that it can go on as it is over a reload.</summary>
    public bool SameAs(RuleGroup other)
    {
        if (other.File != File || other.Name != Name || other.Interval != Interval || other.QueryOffset != QueryOffset || other.Limit != Limit || other.Rules.Count != Rules.Count)
            return false;
        for (var i = 0; i < Rules.Count; i++)
            if (!Rules[i].SameAs(other.Rules[i]))
                return false;
        return true;
    }
}
