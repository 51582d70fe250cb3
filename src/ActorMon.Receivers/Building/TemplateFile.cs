namespace ActorMon.Receivers.Building;

/// <summary>A file that a configuration's <c>templates</c> names.</summary>
/// <param name="Path">As messages show it.</param>
/// <param name="Text">Its content; null: it cannot be read, for the reason in <paramref name="Problem"/>.</param>
public sealed record TemplateFile(string Path, string? Text, string Problem = "");

/// <summary>Something wrong, or doubtful, in what receivers are made of.</summary>
/// <param name="File">The template file; "": the configuration itself.</param>
/// <param name="Line">From 1; 0 when it is not known.</param>
/// <param name="Key">Dotted path in the configuration, such as <c>receivers[0].slack_configs[1].title</c>.</param>
public sealed record ReceiverProblem(string File, int Line, string Key, string Text)
{
    public override string ToString() =>
        (File.Length == 0 ? "" : Line > 0 ? FormattableString.Invariant($"{File}:{Line}: ") : File + ": ") + (Key.Length > 0 ? $"{Key}: {Text}" : Text);
}
