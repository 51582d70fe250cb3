namespace ActorMon.Rules.Files;

/// <summary>A place in a file: line and column from 1; 0:0 for what is not written there.</summary>
public readonly record struct FilePlace(int Line, int Column)
{
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Line}:{Column}");
}

/// <summary>A rule file as it was written, before any check of its values (Prometheus' rulefmt.RuleGroups).</summary>
public sealed record RuleFile(string Path, IReadOnlyList<RuleGroupSection> Groups)
{
    public int RuleCount
    {
        get
        {
            var count = 0;
            foreach (var group in Groups)
                count += group.Rules.Count;
            return count;
        }
    }
}

/// <summary>One group of a rule file.</summary>
/// <param name="Interval">Zero: the global evaluation interval.</param>
/// <param name="QueryOffset">Null: the global rule_query_offset.</param>
/// <param name="Limit">Most alerts or series of one rule; 0: no limit.</param>
/// <param name="Labels">Given to every rule that does not set the same label itself.</param>
public sealed record RuleGroupSection(
    string Name, TimeSpan Interval, TimeSpan? QueryOffset, long Limit, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<RuleSection> Rules, FilePlace Place);

/// <summary>One rule of a rule file; a recording rule has <see cref="Record"/>, an alerting rule <see cref="Alert"/>, and a file may wrongly have both or none.</summary>
public sealed record RuleSection
{
    public string Record { get; init; } = "";
    public string Alert { get; init; } = "";
    public string Expression { get; init; } = "";
    public TimeSpan For { get; init; }
    public TimeSpan KeepFiringFor { get; init; }
    public IReadOnlyDictionary<string, string> Labels { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;
    public FilePlace RecordPlace { get; init; }
    public FilePlace AlertPlace { get; init; }
    public FilePlace ExpressionPlace { get; init; }

    /// <summary>The alert's name, or the recorded metric's.</summary>
    public string Name => Alert.Length > 0 ? Alert : Record;
}
