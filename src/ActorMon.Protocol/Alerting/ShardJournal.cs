using System.Runtime.Serialization;
using ActorMon.Alerting.Groups;
using ActorMon.Alerting.Shards;
using ActorMon.Protocol.Journal;
using Google.Protobuf;
using Wire = ActorMon.Protocol.Serialization.AlertingWire;

namespace ActorMon.Protocol.Alerting;

/// <summary>A shard of the Alertmanager in its journal.</summary>
public static class ShardJournal
{
    private const string Taken = "alta";
    private const string Begun = "albe";
    private const string Logged = "allo";
    private const string Failed = "alfa";
    private const string Left = "alle";
    private const string State = "alst";

    public static string PersistenceId(Guid cluster, int shard) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"alerts-{cluster}-{shard}");

    public static JournalRecord RecordOf(ShardEvent happened)
    {
        var wire = new Wire.ShardRecord { At = WireTime.Of(happened.At) };
        var writer = new AlertWriter(wire.Text);
        string manifest;
        switch (happened)
        {
            case AlertsTaken taken:
                manifest = Taken;
                wire.Alerts.Add(taken.Alerts.Select(writer.Alert));
                break;
            case SendBegun begun:
                manifest = Begun;
                wire.Open.Add(writer.Intent(begun.Intent));
                break;
            case SendLogged logged:
                manifest = Logged;
                wire.Log.Add(writer.Logged(logged.Key, logged.Logged));
                break;
            case SendFailed failed:
                manifest = Failed;
                (wire.Key, wire.Error) = (writer.Key(failed.Key), failed.Error);
                break;
            case AlertsLeft left:
                manifest = Left;
                (wire.Route, wire.Group) = (writer.Text(left.Group.RouteId), writer.Labels(left.Group.Labels));
                wire.Left.Add(left.Alerts.Select(writer.Labels));
                break;
            case ShardSnapshot snapshot:
                manifest = State;
                wire.Alerts.Add(snapshot.Alerts.Select(writer.Alert));
                wire.Log.Add(snapshot.Log.Select(pair => writer.Logged(pair.Key, pair.Value)));
                wire.Open.Add(snapshot.Open.Select(writer.Intent));
                break;
            default:
                throw new ArgumentException($"{happened.GetType()} is not an event of a shard", nameof(happened));
        }
        return new JournalRecord(manifest, wire.ToByteArray());
    }

    /// <exception cref="SerializationException">Of a newer version, or damaged.</exception>
    public static ShardEvent EventOf(JournalRecord record)
    {
        try
        {
            var wire = Wire.ShardRecord.Parser.ParseFrom(record.Payload);
            var reader = new AlertReader(wire.Text);
            var at = WireTime.From(wire.At);
            return record.Manifest switch
            {
                Taken => new AlertsTaken(at, [.. wire.Alerts.Select(reader.Alert)]),
                Begun => new SendBegun(at, reader.Intent(wire.Open[0])),
                Logged => new SendLogged(at, reader.Key(wire.Log[0].Key), reader.Logged(wire.Log[0])),
                Failed => new SendFailed(at, reader.Key(wire.Key), wire.Error),
                Left => new AlertsLeft(at, new GroupKey(reader.Text(wire.Route), reader.Labels(wire.Group)), [.. wire.Left.Select(reader.Labels)]),
                State => new ShardSnapshot(
                    at, [.. wire.Alerts.Select(reader.Alert)], [.. wire.Log.Select(l => KeyValuePair.Create(reader.Key(l.Key), reader.Logged(l)))], [.. wire.Open.Select(reader.Intent)]),
                _ => throw new SerializationException($"the journal of a shard of alerts has a record \"{record.Manifest}\" of a newer version"),
            };
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentOutOfRangeException or NullReferenceException)
        {
            throw new SerializationException($"the journal of a shard of alerts has a damaged record \"{record.Manifest}\": {e.Message}", e);
        }
    }
}
