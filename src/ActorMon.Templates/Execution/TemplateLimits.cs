namespace ActorMon.Templates.Execution;

/// <summary>What one run may take; beyond it the run fails with an error of kind Limit.</summary>
public sealed record TemplateLimits
{
    public static readonly TemplateLimits Default = new();

    /// <summary>Bytes of output, and of any text made on the way.</summary>
    public int MaxOutputBytes { get; init; } = 4 << 20;

    /// <summary>Nodes walked, commands evaluated and iterations, over all replays for queries.</summary>
    public int MaxSteps { get; init; } = 1_000_000;

    /// <summary>Templates within templates.</summary>
    public int MaxDepth { get; init; } = 100;

    /// <summary>Different queries.</summary>
    public int MaxQueries { get; init; } = 100;
}
