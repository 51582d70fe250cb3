using System.Runtime.Serialization;
using ActorMon.Protocol.Rules;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;

namespace ActorMon.Protocol.Serialization;

/// <summary>Protobuf for the messages of rule groups that may cross nodes; schema in rules.proto, extend-only.</summary>
public sealed class RuleSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Part of the wire format.</summary>
    public const int Id = 7105;

    public override int Identifier => Id;

    public override string Manifest(object o) => o switch
    {
        RuleProtocol.TouchGroup => "tg",
        RuleProtocol.GroupReport => "gr",
        _ => throw new ArgumentException($"{o.GetType()} is not a message of rules", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => (obj switch
    {
        RuleProtocol.TouchGroup m => (IMessage)new RuleWire.TouchGroup { Group = m.Group, Configuration = m.ConfigurationVersion },
        RuleProtocol.GroupReport m => new RuleWire.GroupReport { Group = m.Group, Configuration = m.ConfigurationVersion, Rules = m.Rules },
        _ => throw new ArgumentException($"{obj.GetType()} is not a message of rules", nameof(obj)),
    }).ToByteArray();

    public override object FromBinary(byte[] bytes, string manifest)
    {
        switch (manifest)
        {
            case "tg":
                var touch = RuleWire.TouchGroup.Parser.ParseFrom(bytes);
                return new RuleProtocol.TouchGroup(touch.Group, touch.Configuration);
            case "gr":
                var report = RuleWire.GroupReport.Parser.ParseFrom(bytes);
                return new RuleProtocol.GroupReport(report.Group, report.Configuration, report.Rules);
            default:
                throw new SerializationException($"unknown manifest \"{manifest}\" of a message of rules: a newer node's message");
        }
    }
}
