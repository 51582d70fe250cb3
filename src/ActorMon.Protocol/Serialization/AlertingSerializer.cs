using System.Runtime.Serialization;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Silences;
using ActorMon.Protocol.Alerting;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;
using static ActorMon.Protocol.Alerting.AlertingProtocol;

namespace ActorMon.Protocol.Serialization;

/// <summary>Protobuf for the messages of the Alertmanager that may cross nodes; schema in alerting.proto, extend-only.</summary>
public sealed class AlertingSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Part of the wire format.</summary>
    public const int Id = 7106;

    public override int Identifier => Id;

    public override string Manifest(object o) => o switch
    {
        TakeAlerts => "ta",
        AlertsAccepted => "aa",
        WatchShard => "ws",
        ShardSources => "ss",
        WatchSilences => "wl",
        SilencesChanged => "lc",
        ChangeSilence => "cs",
        SilenceChanged => "sc",
        FindMatches => "fm",
        MatchesFound => "mf",
        _ => throw new ArgumentException($"{o.GetType()} is not a message of the Alertmanager", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => (obj switch
    {
        TakeAlerts m => Of(m),
        AlertsAccepted m => (IMessage)new AlertingWire.AlertsAccepted { Shard = m.Shard, Correlation = m.Correlation },
        WatchShard m => new AlertingWire.WatchShard { Shard = m.Shard, Configuration = m.ConfigurationVersion, Life = m.Life, Version = m.Version },
        ShardSources m => Of(m),
        WatchSilences m => new AlertingWire.WatchSilences { Life = m.Life, Version = m.Version },
        SilencesChanged m => new AlertingWire.SilencesChanged { Life = m.Life, Version = m.Version, IsWhole = m.IsWhole, Change = SilenceWire.Of(m.Change) },
        ChangeSilence m => new AlertingWire.ChangeSilence
        {
            Correlation = m.Correlation,
            Kind = (int)m.Action,
            Proposal = SilenceWire.Of(m.Proposal),
            Recurring = m.Recurring is { } recurring ? RecurringWire.Of(recurring) : null,
            Acknowledgement = m.Acknowledgement is { } acknowledgement ? AcknowledgementWire.Of(acknowledgement) : null,
        },
        SilenceChanged m => Of(m),
        FindMatches m => Of(m),
        MatchesFound m => Of(m),
        _ => throw new ArgumentException($"{obj.GetType()} is not a message of the Alertmanager", nameof(obj)),
    }).ToByteArray();

    public override object FromBinary(byte[] bytes, string manifest)
    {
        switch (manifest)
        {
            case "ta":
                var take = AlertingWire.TakeAlerts.Parser.ParseFrom(bytes);
                return new TakeAlerts(take.Shard, take.Configuration, take.Correlation, Alerts(take.Text, take.Alerts));
            case "aa":
                var accepted = AlertingWire.AlertsAccepted.Parser.ParseFrom(bytes);
                return new AlertsAccepted(accepted.Shard, accepted.Correlation);
            case "ws":
                var watch = AlertingWire.WatchShard.Parser.ParseFrom(bytes);
                return new WatchShard(watch.Shard, watch.Configuration, watch.Life, watch.Version);
            case "ss":
                var sources = AlertingWire.ShardSources.Parser.ParseFrom(bytes);
                return new ShardSources(sources.Shard, sources.Configuration, sources.Life, sources.Version, sources.IsWhole, Alerts(sources.Text, sources.Alerts));
            case "wl":
                var silences = AlertingWire.WatchSilences.Parser.ParseFrom(bytes);
                return new WatchSilences(silences.Life, silences.Version);
            case "lc":
                var changed = AlertingWire.SilencesChanged.Parser.ParseFrom(bytes);
                return new SilencesChanged(changed.Life, changed.Version, changed.IsWhole, SilenceWire.From(changed.Change));
            case "cs":
                var change = AlertingWire.ChangeSilence.Parser.ParseFrom(bytes);
                return new ChangeSilence(change.Correlation, (SilenceAction)change.Kind, SilenceWire.ProposalFrom(change.Proposal))
                {
                    Recurring = change.Recurring is { } recurring ? RecurringWire.ProposalFrom(recurring) : null,
                    Acknowledgement = change.Acknowledgement is { } acknowledgement ? AcknowledgementWire.From(acknowledgement) : null,
                };
            case "fm":
                var find = AlertingWire.FindMatches.Parser.ParseFrom(bytes);
                return new FindMatches(find.Shard, find.Round, [.. find.Silences.Select(SilenceWire.From)], [.. find.Acknowledged.Select(AcknowledgementWire.From)]);
            case "mf":
                var found = AlertingWire.MatchesFound.Parser.ParseFrom(bytes);
                return new MatchesFound(found.Shard, found.Round, [.. found.Matching], [.. found.Firing]);
            case "sc":
                var done = AlertingWire.SilenceChanged.Parser.ParseFrom(bytes);
                return new SilenceChanged(done.Correlation, new SilenceDecision(done.Id, [.. done.Stored.Select(SilenceWire.From)], (SilenceRefusal)done.Refusal, done.Error));
            default:
                throw new SerializationException($"unknown manifest \"{manifest}\" of a message of the Alertmanager: a newer node's message");
        }
    }

    private static AlertingWire.TakeAlerts Of(TakeAlerts m)
    {
        var wire = new AlertingWire.TakeAlerts { Shard = m.Shard, Configuration = m.ConfigurationVersion, Correlation = m.Correlation };
        wire.Alerts.Add(m.Alerts.Select(new AlertWriter(wire.Text).Alert));
        return wire;
    }

    private static AlertingWire.ShardSources Of(ShardSources m)
    {
        var wire = new AlertingWire.ShardSources { Shard = m.Shard, Configuration = m.ConfigurationVersion, Life = m.Life, Version = m.Version, IsWhole = m.IsWhole };
        wire.Alerts.Add(m.Alerts.Select(new AlertWriter(wire.Text).Alert));
        return wire;
    }

    private static AlertingWire.SilenceChanged Of(SilenceChanged m)
    {
        var wire = new AlertingWire.SilenceChanged { Correlation = m.Correlation, Id = m.Decision.Id, Refusal = (int)m.Decision.Refusal, Error = m.Decision.Error };
        wire.Stored.Add(m.Decision.Store.Select(SilenceWire.Of));
        return wire;
    }

    private static AlertingWire.FindMatches Of(FindMatches m)
    {
        var wire = new AlertingWire.FindMatches { Shard = m.Shard, Round = m.Round };
        wire.Silences.Add(m.Silences.Select(SilenceWire.Of));
        wire.Acknowledged.Add(m.Acknowledged.Select(AcknowledgementWire.Of));
        return wire;
    }

    private static AlertingWire.MatchesFound Of(MatchesFound m)
    {
        var wire = new AlertingWire.MatchesFound { Shard = m.Shard, Round = m.Round };
        wire.Matching.Add(m.Matching);
        wire.Firing.Add(m.Firing);
        return wire;
    }

    private static Alert[] Alerts(IList<string> texts, IEnumerable<AlertingWire.Alert> alerts) => [.. alerts.Select(new AlertReader(texts).Alert)];
}
