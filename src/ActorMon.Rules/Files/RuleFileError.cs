using ActorMon.Model.Text;

namespace ActorMon.Rules.Files;

/// <summary>One thing wrong in a rule file.</summary>
/// <param name="File">Path of the file; "" for the standard input.</param>
/// <param name="Text">What is wrong, in the peer's words.</param>
public sealed record RuleFileError(string File, string Text)
{
    /// <summary>Where; null when it is about no place in particular.</summary>
    public FilePlace? Place { get; init; }

    /// <summary>The other place of a contradiction.</summary>
    public FilePlace? OtherPlace { get; init; }

    /// <summary>The group; null when it is about the file or a whole group.</summary>
    public string? Group { get; init; }

    /// <summary>Number of the rule in its group, from 1.</summary>
    public int Rule { get; init; }

    public string RuleName { get; init; } = "";

    /// <summary>As the peer prints it: <c>file: 5:15: group "g", rule 1, "r": text</c>, without the parts that are not known.</summary>
    public override string ToString() => (File.Length > 0 ? File + ": " : "")
        + (Place is { } place ? place + ": " : "")
        + (OtherPlace is { } other ? other + ": " : "")
        + (Group is { } group ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"group {GoQuote.Quote(group)}, rule {Rule}, {GoQuote.Quote(RuleName)}: ") : "")
        + Text;
}
