using ActorMon.Templates.Execution;
using ActorMon.Templates.Values;
using static ActorMon.Templates.Values.Define;

namespace ActorMon.Templates.Notifications;

/// <summary>The types of Alertmanager's template data, with their methods.</summary>
public static class NotificationTypes
{
    private const string AlertName = "alertname";

    /// <summary>Texts in order; Join(separator).</summary>
    public static readonly TemplateType Strings = new("template.Strings", ValueKind.List, "[]string", TemplateType.String)
    {
        Methods = Methods(Method("Join", [TemplateType.String], Join)),
    };

    /// <summary>A name and a value.</summary>
    public static readonly TemplateType Pair = new("template.Pair", ValueKind.Object) { Fields = [new("Name"), new("Value")] };

    /// <summary>Pairs in order; Names, Values.</summary>
    public static readonly TemplateType Pairs = new("template.Pairs", ValueKind.List, "[]template.Pair", Pair)
    {
        Text = PairsText,
        Methods = Methods(
            Method("Names", [], static (_, a) => Column(a[0], 0)),
            Method("Values", [], static (_, a) => Column(a[0], 1)),
            Method("String", [], static (_, a) => PairsText(a[0]))),
    };

    /// <summary>Labels or annotations; SortedPairs (alertname first), Remove(names), Names, Values.</summary>
    public static readonly TemplateType KV = new("template.KV", ValueKind.Map, "map[string]string", TemplateType.String)
    {
        Text = static value => PairsText(SortedPairs(value)),
        Methods = Methods(
            Method("SortedPairs", [], static (_, a) => SortedPairs(a[0])),
            Method("Names", [], static (_, a) => Column(SortedPairs(a[0]), 0)),
            Method("Values", [], static (_, a) => Column(SortedPairs(a[0]), 1)),
            Method("Remove", [TemplateType.Strings], Remove),
            Method("String", [], static (_, a) => PairsText(SortedPairs(a[0])))),
    };

    public static readonly TemplateType Alert = new("template.Alert", ValueKind.Object)
    {
        Fields =
        [
            new("Status", "status"), new("Labels", "labels"), new("Annotations", "annotations"), new("StartsAt", "startsAt"), new("EndsAt", "endsAt"),
            new("GeneratorURL", "generatorURL"), new("Fingerprint", "fingerprint"),
        ],
    };

    private static readonly TemplateType SomeAlerts = new("[]template.Alert", ValueKind.List, element: Alert);

    /// <summary>Alerts in order; Firing, Resolved.</summary>
    public static readonly TemplateType Alerts = new("template.Alerts", ValueKind.List, "[]template.Alert", Alert)
    {
        Methods = Methods(Method("Firing", [], static (run, a) => OfStatus(run, a[0], "firing")), Method("Resolved", [], static (run, a) => OfStatus(run, a[0], "resolved"))),
    };

    public static readonly TemplateType Data = new("*template.Data", ValueKind.Object)
    {
        Fields =
        [
            new("Receiver", "receiver"), new("Status", "status"), new("Alerts", "alerts"), new("NotificationReason", "notification_reason"),
            new("GroupLabels", "groupLabels"), new("CommonLabels", "commonLabels"), new("CommonAnnotations", "commonAnnotations"), new("RouteLabels", "routeLabels"),
            new("ExternalURL", "externalURL"),
        ],
    };

    private static FunctionResult Join(TemplateRun run, ReadOnlySpan<TemplateValue> arguments)
    {
        var text = run.NewText();
        foreach (var item in ((ListValue)arguments[0]).Items)
            text.Append(text.Length > 0 ? Text(arguments[1]) : "").Append(Text(item));
        return text.ToString();
    }

    private static ListValue SortedPairs(TemplateValue labels)
    {
        var entries = ((MapValue)labels).Entries;
        var pairs = new List<TemplateValue>(entries.Count);
        if (entries.TryGetValue(AlertName, out var alertName))
            pairs.Add(new ObjectValue(Pair, [new StringValue(AlertName), alertName]));
        foreach (var (name, value) in entries)
            if (name != AlertName)
                pairs.Add(new ObjectValue(Pair, [new StringValue(name), value]));
        return new ListValue(pairs, Pairs);
    }

    private static ListValue Column(TemplateValue pairs, int field) => new([.. ((ListValue)pairs).Items.Select(p => ((ObjectValue)p).Fields[field])], Strings);

    private static string PairsText(TemplateValue pairs) =>
        string.Join(", ", ((ListValue)pairs).Items.Select(p => $"{Text(((ObjectValue)p).Fields[0])}={Text(((ObjectValue)p).Fields[1])}"));

    private static FunctionResult Remove(TemplateRun run, ReadOnlySpan<TemplateValue> arguments)
    {
        var names = ((ListValue)arguments[1]).Items.Select(Text).ToHashSet(StringComparer.Ordinal);
        return new MapValue(((MapValue)arguments[0]).Entries.Where(e => !names.Contains(e.Key)), KV);
    }

    private static FunctionResult OfStatus(TemplateRun run, TemplateValue alerts, string status)
    {
        var items = ((ListValue)alerts).Items;
        run.Charge(items.Count);
        return new ListValue([.. items.Where(a => Text(((ObjectValue)a).Fields[0]) == status)], SomeAlerts);
    }
}
