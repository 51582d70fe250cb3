using ActorMon.Configuration.Alertmanager;
using ActorMon.Configuration.Model;
using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Units;
using ActorMon.Configuration.Yaml;
using ActorMon.Model.Time;

namespace ActorMon.Configuration.Printing;

/// <summary>
/// Writes a configuration back as Prometheus' /api/v1/status/config does: resolved, with the defaults the peers show, secrets as <c>&lt;secret&gt;</c>, passwords in
/// URLs as <c>xxxxx</c>, without comments. Jobs of scrape_config_files are not part of it.
/// </summary>
public static class ConfigPrinter
{
    public static string Print(PrometheusConfig config) => Print(config.Resolved);

    /// <summary>The Alertmanager's, secrets hidden.</summary>
    public static string Print(AlertmanagerConfig config) => Print(config.Resolved);

    private static string Print(ConfigSection resolved)
    {
        var writer = new YamlWriter();
        Section(resolved, writer);
        return writer.ToString();
    }

    /// <summary>One scrape_config of the main file as <see cref="Print"/> shows it, or null when there is none of that name.</summary>
    public static string? PrintJob(PrometheusConfig config, string job)
    {
        foreach (var section in config.Resolved.Sections("scrape_configs"))
        {
            if (section.Text("job_name") != job)
                continue;
            var writer = new YamlWriter();
            Section(section, writer);
            return writer.ToString();
        }
        return null;
    }

    private static void Section(ConfigSection section, YamlWriter to)
    {
        for (var i = 0; i < section.Schema.Keys.Count; i++)
        {
            if (!IsShown(section, i))
                continue;
            to.Key(section.Schema.Keys[i].Name);
            Value(section.Schema.Keys[i], section[i], to);
        }
    }

    private static bool IsShown(ConfigSection section, int index)
    {
        var key = section.Schema.Keys[index];
        if (key.Hides?.Invoke(section, section[index]) == true)
            return false;
        return key.Always || !(ConfigSection.IsZeroValue(key.Kind, section[index]) || IsDefaultRegex(key, section[index]));
    }

    private static bool IsDefaultRegex(KeySpec key, object? value) => key is { Name: "regex", Kind: KeyKind.Text } && Equals(value, key.Default);

    private static void Value(KeySpec key, object? value, YamlWriter to)
    {
        switch (value)
        {
            case ConfigSection section:
                Mapping(section, to);
                break;
            case List<ConfigSection> { Count: > 0 } sections:
                Items(sections, s => Mapping(s, to), to);
                break;
            case List<string> { Count: > 0 } list when key.Flow:
                to.FlowList(list);
                break;
            case List<string> { Count: > 0 } list:
                Items(list, text => Text(key, text, to), to);
                break;
            case SortedDictionary<string, string> map:
                Entries(map, text => Text(key, text, to), to);
                break;
            case SortedDictionary<string, List<string>> map:
                Entries(map, list => Value(key with { Kind = key.Kind == KeyKind.SecretListMap ? KeyKind.SecretList : KeyKind.TextList }, list, to), to);
                break;
            case SortedDictionary<string, ConfigSection> map:
                Entries(map, s => Mapping(s, to), to);
                break;
            case TimeSpan duration:
                to.Text(PrometheusDuration.Format(duration));
                break;
            case long size when key.Kind == KeyKind.Size:
                to.Text(ByteSize.Format(size));
                break;
            case string text:
                Text(key, text, to);
                break;
            case List<string> or List<ConfigSection>:
                to.Raw("[]");
                break;
            case null when key.Kind is KeyKind.TextList or KeyKind.PathList or KeyKind.SecretList or KeyKind.SectionList:
                to.Raw("[]");
                break;
            default:
                Any(value, to);
                break;
        }
    }

    private static void Text(KeySpec key, string text, YamlWriter to)
    {
        switch (key.Kind)
        {
            case KeyKind.Secret or KeyKind.SecretList or KeyKind.SecretMap or KeyKind.SecretListMap when text.Length == 0:
                to.Value(null);
                break;
            case KeyKind.Secret or KeyKind.SecretList or KeyKind.SecretMap or KeyKind.SecretListMap:
                to.Text(key.Mask);
                break;
            case KeyKind.Url:
                to.Text(PeerUrl.Redact(text));
                break;
            default:
                to.Text(text);
                break;
        }
    }

    private static void Any(object? value, YamlWriter to)
    {
        switch (value)
        {
            case SortedDictionary<string, object?> map:
                Entries(map, v => Any(v, to), to);
                break;
            case List<object?> { Count: > 0 } list:
                Items(list, v => Any(v, to), to);
                break;
            case List<object?>:
                to.Raw("[]");
                break;
            case string text:
                to.Text(text);
                break;
            default:
                to.Value(value);
                break;
        }
    }

    private static void Mapping(ConfigSection section, YamlWriter to)
    {
        if (!Enumerable.Range(0, section.Schema.Keys.Count).Any(i => IsShown(section, i)))
        {
            to.Raw("{}");
            return;
        }
        to.Open(list: false);
        Section(section, to);
        to.Close(list: false, inItem: false);
    }

    private static void Entries<T>(SortedDictionary<string, T> map, Action<T> write, YamlWriter to)
    {
        if (map.Count == 0)
        {
            to.Raw("{}");
            return;
        }
        to.Open(list: false);
        foreach (var (name, value) in map)
        {
            to.Key(name);
            write(value);
        }
        to.Close(list: false, inItem: false);
    }

    private static void Items<T>(List<T> items, Action<T> write, YamlWriter to)
    {
        var inItem = to.AtItem;
        to.Open(list: true);
        foreach (var item in items)
        {
            to.Item();
            write(item);
        }
        to.Close(list: true, inItem);
    }
}
