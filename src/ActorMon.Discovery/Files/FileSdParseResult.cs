namespace ActorMon.Discovery.Files;

/// <summary>Reads the text of a target file. Never throws for what the text holds.</summary>
/// <param name="fileName">For messages only.</param>
public delegate FileSdParseResult FileSdParser(ReadOnlyMemory<byte> text, string fileName);

/// <summary>A target file's groups in their order, sources not yet set; or why it cannot be used (a file is taken whole or not at all).</summary>
public sealed record FileSdParseResult
{
    private FileSdParseResult(IReadOnlyList<TargetGroup> groups, string? error)
    {
        Groups = groups;
        Error = error;
    }

    public IReadOnlyList<TargetGroup> Groups { get; }
    public string? Error { get; }

    public static FileSdParseResult Of(IReadOnlyList<TargetGroup> groups) => new(groups, null);

    public static FileSdParseResult Failed(string error) => new([], error);
}
