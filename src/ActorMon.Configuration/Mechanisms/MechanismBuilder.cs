using System.Globalization;
using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Sections;
using ActorMon.Discovery;
using ActorMon.Http.Options;
using ActorMon.Model.Labels;

namespace ActorMon.Configuration.Mechanisms;

/// <summary>The discovery configurations of a section, in the order of their keys, all static groups together at the end.</summary>
internal static class MechanismBuilder
{
    public static IReadOnlyList<SdConfig> Build(ConfigSection owner)
    {
        var configs = new List<SdConfig>();
        foreach (var key in MechanismSchemas.Keys)
            if (key.Name != MechanismSchemas.StaticKey)
                configs.AddRange(owner.Sections(key.Name).Select(s => Build(key.Name[..^MechanismSchemas.Suffix.Length], s)));
        var groups = Groups(owner.Sections(MechanismSchemas.StaticKey));
        if (groups.Count > 0)
            configs.Add(new StaticSdConfig(groups));
        return configs;
    }

    public static IReadOnlyList<TargetGroup> Groups(List<ConfigSection> sections) =>
        [.. sections.Select((s, i) => Group(s, i.ToString(CultureInfo.InvariantCulture)))];

    public static TargetGroup Group(ConfigSection s, string source) =>
        new(source, LabelSet.From(s.Map("labels")), [.. s.List("targets").Select(t => LabelSet.Of(LabelNames.Address, t))]);

    private static SdConfig Build(string name, ConfigSection s) => name == "file"
        ? new FileSdConfig(s.List("files"), s.Duration("refresh_interval"))
        : new DeclaredSdConfig(name, SectionValues.ToDictionary(s, MechanismSchemas.HttpKeys), Http(s));

    private static HttpClientOptions? Http(ConfigSection s)
    {
        if (s.Schema.TryIndex("follow_redirects", out _))
            return HttpClientBuilder.Build(s);
        return s.Schema.TryIndex("tls_config", out _) ? new HttpClientOptions { Tls = HttpClientBuilder.Tls(s.Section("tls_config")) } : null;
    }
}
