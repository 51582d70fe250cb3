namespace ActorMon.Exposition.Strict;

/// <summary>Something a document does against its format, on the line (from 1) where it shows.</summary>
public sealed record ExpositionProblem(int Line, string Text)
{
    public override string ToString() => $"line {Line}: {Text}";
}
