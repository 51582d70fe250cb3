namespace ActorMon.Model.Matchers.Re2;

internal enum Re2Kind : byte
{
    /// <summary>Matches the empty text.</summary>
    Empty,

    /// <summary>A run of code points, case-folded when the node says so.</summary>
    Literal,
    Class,
    AnyChar,
    AnyCharNotNewline,
    BeginText,
    EndText,
    BeginLine,
    EndLine,
    WordBoundary,
    NoWordBoundary,
    Capture,
    Repeat,
    Concat,
    Alternate,
}

/// <summary>One node of a parsed RE2 expression. Immutable after parsing.</summary>
internal sealed class Re2Node(Re2Kind kind)
{
    public const int Unlimited = -1;

    public Re2Kind Kind { get; } = kind;

    /// <summary>Literal: code points, the least of each fold orbit when <see cref="FoldCase"/>.</summary>
    public int[] Runes { get; init; } = [];

    public RuneClass? Class { get; init; }
    public bool FoldCase { get; init; }
    public Re2Node[] Children { get; init; } = [];

    /// <summary>Repeat: the least and the greatest count, the latter -1 when without limit.</summary>
    public int Min { get; init; }
    public int Max { get; init; }
    public bool Lazy { get; init; }

    /// <summary>Capture: the group's number from 1 and its name or "".</summary>
    public int Group { get; init; }
    public string Name { get; init; } = "";

    public Re2Node Child => Children[0];
}
