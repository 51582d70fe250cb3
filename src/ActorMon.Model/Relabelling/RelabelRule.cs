using ActorMon.Model.Matchers;

namespace ActorMon.Model.Relabelling;

public enum RelabelAction : byte
{
    Replace,
    Keep,
    Drop,
    KeepEqual,
    DropEqual,
    HashMod,
    LabelMap,
    LabelDrop,
    LabelKeep,
    Lowercase,
    Uppercase,
}

/// <summary>One relabelling rule with every default filled in (Prometheus' relabel_config). Regex is anchored; "$1" and "${name}" in target and replacement are templates.</summary>
public sealed record RelabelRule
{
    public string[] SourceLabels { get; init; } = [];
    public string Separator { get; init; } = ";";
    public AnchoredRegex Regex { get; init; } = DefaultRegex;
    public ulong Modulus { get; init; }
    public string TargetLabel { get; init; } = "";
    public string Replacement { get; init; } = "$1";
    public RelabelAction Action { get; init; } = RelabelAction.Replace;

    public static AnchoredRegex DefaultRegex { get; } = AnchoredRegex.Parse("(.*)");
}
