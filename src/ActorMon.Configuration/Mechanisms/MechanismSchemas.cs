using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Sections;

namespace ActorMon.Configuration.Mechanisms;

/// <summary>
/// All discovery mechanisms by the keys they are configured with, in the order of those keys; the static one comes last when targets are collected.
/// Names, defaults and required keys are those of Prometheus 3.14.
/// </summary>
internal static class MechanismSchemas
{
    public const string Suffix = "_sd_configs";
    public const string StaticKey = "static_configs";

    public static readonly SectionSchema TargetGroup = new("struct { Targets []string \"yaml:\\\"targets\\\"\"; Labels model.LabelSet \"yaml:\\\"labels\\\"\" }",
        Key.TextList("targets", always: true), Key.LabelMap("labels"))
    {
        PrintEmpty = true,
    };

    private static readonly SortedDictionary<string, SectionSchema> Schemas = Collect();

    /// <summary>One list key per mechanism.</summary>
    public static readonly KeySpec[] Keys =
        [.. Schemas.Select(m => Key.SectionList(m.Key, m.Value, $"empty or null section in {m.Key}"))];

    /// <summary>Keys a mechanism has for its HTTP client, so not part of its own options.</summary>
    public static readonly IReadOnlySet<string> HttpKeys = HttpClientSchema.Keys.Select(k => k.Name).ToHashSet(StringComparer.Ordinal);

    private static SortedDictionary<string, SectionSchema> Collect()
    {
        var all = new SortedDictionary<string, SectionSchema>(StringComparer.Ordinal) { [StaticKey] = TargetGroup };
        foreach (var (name, schema) in LocalMechanisms.All.Concat(OrchestratorMechanisms.All).Concat(CloudMechanisms.All).Concat(AwsMechanisms.All))
            all.Add(name + Suffix, schema);
        return all;
    }
}
