using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Notifications;
using ActorMon.Alerting.Shards;
using ActorMon.Model.Labels;
using Wire = ActorMon.Protocol.Serialization.AlertingWire;

namespace ActorMon.Protocol.Alerting;

/// <summary>Writes alerts and what belongs to them; texts go once into a list, everything else names them by place.</summary>
internal sealed class AlertWriter(ICollection<string> texts)
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    public int Text(string text)
    {
        if (_places.TryGetValue(text, out var place))
            return place;
        place = texts.Count;
        _places.Add(text, place);
        texts.Add(text);
        return place;
    }

    public Wire.Labels Labels(LabelSet labels)
    {
        var wire = new Wire.Labels();
        foreach (var label in labels)
        {
            wire.Text.Add(Text(label.Name));
            wire.Text.Add(Text(label.Value));
        }
        return wire;
    }

    public Wire.Alert Alert(Alert alert)
    {
        var wire = new Wire.Alert
        {
            Labels = Labels(alert.Labels),
            Annotations = Labels(alert.Annotations),
            StartsAt = WireTime.Of(alert.StartsAt),
            UpdatedAt = WireTime.Of(alert.UpdatedAt),
            EndsByTimeout = alert.EndsByTimeout,
            GeneratorUrl = Text(alert.GeneratorUrl),
        };
        if (alert.EndsAt is { } end)
            wire.EndsAt = WireTime.Of(end);
        return wire;
    }

    public Wire.Key Key(SendKey key) => new() { Group = Text(key.Group), Receiver = Text(key.Receiver), Type = Text(key.Type), Index = key.Index };

    public Wire.Logged Logged(SendKey key, LoggedSend logged) => new() { Key = Key(key), Entry = Entry(logged.Entry), Expires = WireTime.Of(logged.Expires) };

    public Wire.Intent Intent(SendIntent intent) => new()
    {
        Key = Key(intent.Key),
        Route = Text(intent.RouteId),
        Group = Labels(intent.GroupLabels),
        Reason = (int)intent.Reason,
        Entry = Entry(intent.Entry),
        SendResolved = intent.SendResolved,
        Expires = WireTime.Of(intent.Expires),
        IdempotencyKey = intent.IdempotencyKey,
    };

    private static Wire.Entry Entry(NotificationLogEntry entry)
    {
        var wire = new Wire.Entry { ReceiverData = entry.ReceiverData };
        wire.Firing.Add(entry.Firing.Order());
        wire.Resolved.Add(entry.Resolved.Order());
        if (entry.Timestamp is { } at)
            wire.At = WireTime.Of(at);
        return wire;
    }
}

/// <summary>Reads what <see cref="AlertWriter"/> wrote.</summary>
internal sealed class AlertReader(IList<string> texts)
{
    public string Text(int place) => texts[place];

    // An annotation may be empty, so the pairs are taken as they were written: sorted.
    public LabelSet Labels(Wire.Labels? wire)
    {
        var labels = new Label[(wire?.Text.Count ?? 0) / 2];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = new Label(Text(wire!.Text[2 * i]), Text(wire.Text[(2 * i) + 1]));
        return LabelSet.FromSortedUnchecked(labels);
    }

    public Alert Alert(Wire.Alert wire) => new()
    {
        Labels = Labels(wire.Labels),
        Annotations = Labels(wire.Annotations),
        StartsAt = WireTime.From(wire.StartsAt),
        EndsAt = wire.HasEndsAt ? WireTime.From(wire.EndsAt) : null,
        UpdatedAt = WireTime.From(wire.UpdatedAt),
        EndsByTimeout = wire.EndsByTimeout,
        GeneratorUrl = Text(wire.GeneratorUrl),
    };

    public SendKey Key(Wire.Key wire) => new(Text(wire.Group), Text(wire.Receiver), Text(wire.Type), wire.Index);

    public LoggedSend Logged(Wire.Logged wire) => new(Entry(wire.Entry), WireTime.From(wire.Expires));

    public SendIntent Intent(Wire.Intent wire) => new()
    {
        Key = Key(wire.Key),
        RouteId = Text(wire.Route),
        GroupLabels = Labels(wire.Group),
        Reason = (NotificationReason)wire.Reason,
        Entry = Entry(wire.Entry),
        SendResolved = wire.SendResolved,
        Expires = WireTime.From(wire.Expires),
        IdempotencyKey = wire.IdempotencyKey,
    };

    private static NotificationLogEntry Entry(Wire.Entry wire) =>
        new(wire.HasAt ? WireTime.From(wire.At) : null, wire.Firing.ToHashSet(), wire.Resolved.ToHashSet()) { ReceiverData = wire.ReceiverData };
}

/// <summary>Times as units of 100 ns since 1970, UTC.</summary>
internal static class WireTime
{
    public static long Of(DateTimeOffset time) => time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    public static DateTimeOffset From(long wire) => new(wire + DateTimeOffset.UnixEpoch.Ticks, TimeSpan.Zero);
}
