namespace ActorMon.Model.Labels;

/// <summary>One label of a series: a name and a value, both UTF-8 text.</summary>
public readonly record struct Label(string Name, string Value)
{
    public override string ToString() => $"{Name}=\"{Value}\"";
}
