namespace ActorMon.Model.Reading;

/// <summary>An answer that may lack what no node within reach holds.</summary>
/// <param name="Warnings">What is missing and why; none: nothing is.</param>
public readonly record struct Partial<T>(T Value, IReadOnlyList<string> Warnings)
{
    /// <summary>A complete one.</summary>
    public Partial(T value)
        : this(value, [])
    {
    }
}
