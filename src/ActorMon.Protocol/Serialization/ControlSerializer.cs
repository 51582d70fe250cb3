using System.Runtime.Serialization;
using ActorMon.Model.Labels;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Control;
using ActorMon.Protocol.Scraping;
using ActorMon.Protocol.Series;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace ActorMon.Protocol.Serialization;

/// <summary>
/// Protobuf for every control message that may cross nodes; schema in control.proto, manifests of two letters, both extend-only. Bulk data (batches, query
/// frames, partition contents) never takes this way.
/// </summary>
public sealed class ControlSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Akka keeps 0-40 for itself; the number is part of the wire format.</summary>
    public const int Id = 7101;

    /// <summary>Longest text of an error that is carried, characters; the rest of it is in the log of the node where it happened.</summary>
    public const int MaxErrorLength = 8192;

    public override int Identifier => Id;

    public override string Manifest(object o) => o switch
    {
        SeriesProtocol.Touch => "tr",
        SeriesProtocol.ReplicaServing => "rs",
        SeriesProtocol.ReplicaFailed => "rf",
        ScrapingProtocol.AssignTargets => "at",
        ScrapingProtocol.TouchShard => "ts",
        ScrapingProtocol.ShardState => "ss",
        ControlProtocol.ConfigurationInstalled => "ci",
        ControlProtocol.GetControlState => "gs",
        ControlProtocol.ControlState => "cs",
        _ => throw new ArgumentException($"{o.GetType()} is not a control message", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => (obj switch
    {
        SeriesProtocol.Touch m => (IMessage)new Wire.TouchReplica { Partition = m.Replica.Partition.Value, Replica = m.Replica.Replica },
        SeriesProtocol.ReplicaServing m => new Wire.ReplicaServing
        {
            Partition = m.Replica.Partition.Value,
            Replica = m.Replica.Replica,
            Writer = Akka.Serialization.Serialization.SerializedActorPath(m.Writer),
            Session = m.Session,
        },
        SeriesProtocol.ReplicaFailed m => new Wire.ReplicaFailed { Partition = m.Replica.Partition.Value, Replica = m.Replica.Replica, Error = Bounded(m.Error) },
        ScrapingProtocol.AssignTargets m => ToWire(m),
        ScrapingProtocol.TouchShard m => new Wire.TouchShard { Shard = m.Shard },
        ScrapingProtocol.ShardState m => new Wire.ShardState { Shard = m.Shard, Incarnation = m.Version.Incarnation, Number = m.Version.Number, Targets = m.Targets },
        ControlProtocol.ConfigurationInstalled m => new Wire.ConfigurationInstalled { Version = m.Version },
        ControlProtocol.GetControlState => new Wire.GetControlState(),
        ControlProtocol.ControlState m => new Wire.ControlState
        {
            Serving = m.ServingReplicas,
            Replicas = m.Replicas,
            Active = m.ActiveShards,
            Shards = m.Shards,
            LastFailure = Bounded(m.LastFailure ?? ""),
        },
        _ => throw new ArgumentException($"{obj.GetType()} is not a control message", nameof(obj)),
    }).ToByteArray();

    public override object FromBinary(byte[] bytes, string manifest)
    {
        switch (manifest)
        {
            case "tr":
                var touch = Wire.TouchReplica.Parser.ParseFrom(bytes);
                return new SeriesProtocol.Touch(Replica(touch.Partition, touch.Replica));
            case "rs":
                var serving = Wire.ReplicaServing.Parser.ParseFrom(bytes);
                return new SeriesProtocol.ReplicaServing(Replica(serving.Partition, serving.Replica), system.Provider.ResolveActorRef(serving.Writer), serving.Session);
            case "rf":
                var failed = Wire.ReplicaFailed.Parser.ParseFrom(bytes);
                return new SeriesProtocol.ReplicaFailed(Replica(failed.Partition, failed.Replica), failed.Error);
            case "at":
                return FromWire(Wire.AssignTargets.Parser.ParseFrom(bytes));
            case "ts":
                return new ScrapingProtocol.TouchShard(Wire.TouchShard.Parser.ParseFrom(bytes).Shard);
            case "ss":
                var state = Wire.ShardState.Parser.ParseFrom(bytes);
                return new ScrapingProtocol.ShardState(state.Shard, new(state.Incarnation, state.Number), state.Targets);
            case "ci":
                return new ControlProtocol.ConfigurationInstalled(Wire.ConfigurationInstalled.Parser.ParseFrom(bytes).Version);
            case "gs":
                return ControlProtocol.GetControlState.Instance;
            case "cs":
                var control = Wire.ControlState.Parser.ParseFrom(bytes);
                return new ControlProtocol.ControlState(control.Serving, control.Replicas, control.Active, control.Shards, control.LastFailure.Length == 0 ? null : control.LastFailure);
            default:
                throw new SerializationException($"unknown control message manifest \"{manifest}\": a newer node's message");
        }
    }

    private static Wire.AssignTargets ToWire(ScrapingProtocol.AssignTargets message)
    {
        var wire = new Wire.AssignTargets
        {
            Shard = message.Shard,
            Incarnation = message.Version.Incarnation,
            Number = message.Version.Number,
            Configuration = message.ConfigurationVersion,
        };
        // A set in one piece is written as it was before there were pieces.
        if (message.Chunks > 1)
            (wire.Chunk, wire.Chunks) = (message.Chunk, message.Chunks);
        foreach (var target in message.Targets)
        {
            var t = new Wire.Target { Job = target.Job };
            AddLabels(t.Discovered, target.Discovered);
            wire.Targets.Add(t);
        }
        foreach (var error in message.JobErrors)
            wire.JobErrors.Add(new Wire.JobError { Job = error.Job, Error = error.Error });
        return wire;
    }

    private static ScrapingProtocol.AssignTargets FromWire(Wire.AssignTargets wire)
    {
        var targets = new List<ScrapingProtocol.AssignedTarget>(wire.Targets.Count);
        foreach (var target in wire.Targets)
            targets.Add(new ScrapingProtocol.AssignedTarget(target.Job, LabelsOf(target.Discovered)));
        var errors = new List<ScrapingProtocol.JobError>(wire.JobErrors.Count);
        foreach (var error in wire.JobErrors)
            errors.Add(new ScrapingProtocol.JobError(error.Job, error.Error));
        return new ScrapingProtocol.AssignTargets(wire.Shard, new(wire.Incarnation, wire.Number), wire.Configuration, targets, errors)
        {
            Chunk = wire.Chunk,
            Chunks = Math.Max(1, wire.Chunks),
        };
    }

    internal static string Bounded(string text)
    {
        if (text.Length <= MaxErrorLength)
            return text;
        // A pair is never cut.
        var end = MaxErrorLength - 1;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + "…";
    }

    private static void AddLabels(RepeatedField<Wire.LabelPair> into, LabelSet labels)
    {
        foreach (var label in labels)
            into.Add(new Wire.LabelPair { Name = label.Name, Value = label.Value });
    }

    // Discovered labels may carry empty values (they matter to the API), so the sorted pairs are taken as they are.
    private static LabelSet LabelsOf(RepeatedField<Wire.LabelPair> pairs)
    {
        var labels = new Label[pairs.Count];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = new Label(pairs[i].Name, pairs[i].Value);
        return LabelSet.FromSortedUnchecked(labels);
    }

    private static ReplicaId Replica(int partition, int replica) => new(new PartitionId(partition), replica);
}
