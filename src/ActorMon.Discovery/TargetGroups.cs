using ActorMon.Model.Labels;

namespace ActorMon.Discovery;

/// <summary>Questions about target groups that their record equality, which compares lists by reference, does not answer.</summary>
public static class TargetGroups
{
    /// <summary>A group that withdraws its source.</summary>
    public static TargetGroup Withdrawn(string source) => new(source, LabelSet.Empty, []);

    /// <summary>Same source, labels and targets in the same order.</summary>
    public static bool SameContent(TargetGroup a, TargetGroup b)
    {
        if (ReferenceEquals(a, b))
            return true;
        if (a.Source != b.Source || a.Targets.Count != b.Targets.Count || !a.Labels.Equals(b.Labels))
            return false;
        for (var i = 0; i < a.Targets.Count; i++)
            if (!a.Targets[i].Equals(b.Targets[i]))
                return false;
        return true;
    }
}
