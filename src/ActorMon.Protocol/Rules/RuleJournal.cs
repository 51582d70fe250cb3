using System.Runtime.Serialization;
using ActorMon.Model.Samples;
using ActorMon.Protocol.Journal;
using ActorMon.Rules.Memory;
using Google.Protobuf;
using Wire = ActorMon.Protocol.Serialization.RuleWire;

namespace ActorMon.Protocol.Rules;

/// <summary>A rule group in its journal: the transitions of each evaluation that had any, and states in place of what was before.</summary>
public static class RuleJournal
{
    private const string Change = "rltr";
    private const string State = "rlst";

    public static string PersistenceId(Guid cluster, string group) => $"rules-{cluster}-{group}";

    public static JournalRecord RecordOf(GroupTransitions transitions)
    {
        var writer = new RuleRecordWriter();
        var wire = new Wire.Transitions { At = transitions.At.Value, Node = transitions.Node };
        foreach (var (rule, change) in transitions.Changes)
            wire.Changes.Add(writer.Change(change, writer.Rule(rule)));
        wire.Texts = writer.Texts;
        wire.Rules.Add(writer.Rules);
        return new JournalRecord(Change, wire.ToByteArray());
    }

    public static JournalRecord RecordOf(GroupSnapshot snapshot)
    {
        var writer = new RuleRecordWriter();
        var wire = new Wire.Snapshot { At = snapshot.At.Value };
        foreach (var rule in snapshot.Rules)
        {
            var place = writer.Rule(rule.Rule);
            foreach (var alert in rule.Alerts)
                wire.Alerts.Add(writer.Alert(alert, place));
        }
        foreach (var entry in snapshot.History)
            wire.History.Add(new Wire.Entry { Name = writer.Text(entry.Rule), Node = writer.Text(entry.Node), Change = writer.Change(entry.Event, 0) });
        wire.Texts = writer.Texts;
        wire.Rules.Add(writer.Rules);
        return new JournalRecord(State, wire.ToByteArray());
    }

    /// <summary>Lets a memory follow a record.</summary>
    /// <exception cref="SerializationException">Of a newer version, or damaged.</exception>
    public static void Apply(GroupMemory memory, JournalRecord record)
    {
        try
        {
            switch (record.Manifest)
            {
                case Change:
                    memory.Apply(Transitions(Wire.Transitions.Parser.ParseFrom(record.Payload)));
                    break;
                case State:
                    memory.Apply(Snapshot(Wire.Snapshot.Parser.ParseFrom(record.Payload)));
                    break;
                default:
                    throw new SerializationException($"the journal of a rule group has a record \"{record.Manifest}\" of a newer version");
            }
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw new SerializationException($"the journal of a rule group has a damaged record \"{record.Manifest}\": {e.Message}", e);
        }
    }

    private static GroupTransitions Transitions(Wire.Transitions wire)
    {
        var reader = new RuleRecordReader(wire.Texts ?? new Wire.Texts(), wire.Rules);
        return new GroupTransitions(new TimestampMs(wire.At), wire.Node, [.. wire.Changes.Select(c => new RuleTransition(reader.Rule(c.Rule), reader.Change(c)))]);
    }

    private static GroupSnapshot Snapshot(Wire.Snapshot wire)
    {
        var reader = new RuleRecordReader(wire.Texts ?? new Wire.Texts(), wire.Rules);
        return new GroupSnapshot(
            new TimestampMs(wire.At),
            [.. wire.Alerts.GroupBy(a => a.Rule).Select(alerts => new RuleAlerts(reader.Rule(alerts.Key), [.. alerts.Select(reader.Alert)]))],
            [.. wire.History.Select(e => new HistoryEntry(reader.Change(e.Change), reader.Text(e.Name), reader.Text(e.Node)))]);
    }
}
