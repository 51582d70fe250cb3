using ActorMon.Actors.Control;
using ActorMon.Actors.Discovery;
using ActorMon.Notifying.Alertmanagers;
using ActorMon.Notifying.Alerts;
using Akka.Actor;

namespace ActorMon.Actors.Notifying;

/// <summary>One group of Alertmanagers of the configuration in effect. The notifier's own.</summary>
internal sealed class AlertmanagerGroup(AlertmanagersConfiguration configuration, FoundGroups found, HttpMessageInvoker client, AlertQueue early)
{
    public AlertmanagersConfiguration Configuration { get; } = configuration;
    public FoundGroups Found { get; } = found;
    public HttpMessageInvoker Client { get; } = client;

    /// <summary>Found and active, by URL.</summary>
    public Dictionary<string, AlertmanagerLink> Links { get; } = new(StringComparer.Ordinal);

    public AlertmanagerSet Known { get; set; } = new([], [], []);

    /// <summary>What came before it was known where to send it; null from then on.</summary>
    public AlertQueue? Early { get; private set; } = early;

    /// <summary>What was found is to be looked at.</summary>
    public bool IsDirty { get; set; } = true;

    /// <summary>No longer configured; its client goes with the last of its actors.</summary>
    public bool IsGone { get; set; }

    public int Living { get; set; }

    /// <summary>Its Alertmanagers are known from now on: gives what waited for that, oldest first.</summary>
    public IReadOnlyList<OutgoingAlert> TakeEarly()
    {
        var taken = new List<OutgoingAlert>();
        while (Early is { Count: > 0 })
            taken.AddRange(Early.TakeBatch());
        Early = null;
        return taken;
    }
}

/// <summary>One Alertmanager, its queue and the actor that sends to it; null while that waits for its next start after a crash.</summary>
internal sealed class AlertmanagerLink(AlertmanagerGroup group, string url, AlertQueue queue)
{
    public AlertmanagerGroup Group { get; } = group;
    public string Url { get; } = url;
    public AlertQueue Queue { get; } = queue;
    public IActorRef? Actor { get; set; }
    public int Crashes { get; set; }
    public bool IsLeaving { get; set; }
}
