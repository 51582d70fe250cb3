using ActorMon.Http;
using ActorMon.Receivers.Sending;

namespace ActorMon.Receivers.Building;

/// <summary>Reads a text as one YAML value; false: it is none.</summary>
public delegate bool YamlReader(string text, out object? value);

/// <summary>What receivers take from their surroundings.</summary>
public sealed record ReceiverContext
{
    /// <summary>Clock, files and environment.</summary>
    public HttpClientContext Http { get; init; } = HttpClientContext.Default;

    /// <summary>Texts of free-form values that look like YAML become what they look like.</summary>
    public required YamlReader ReadYaml { get; init; }

    /// <summary>What requests call their sender.</summary>
    public required string UserAgent { get; init; }

    /// <summary>The name of this machine, for the ids of mails.</summary>
    public string HostName { get; init; } = "localhost.localdomain";

    public FixedEndpoints Endpoints { get; init; } = FixedEndpoints.Default;

    /// <summary>Takes what would be sent; null: it is sent.</summary>
    public Rehearsal? Rehearsal { get; init; }
}

/// <summary>Addresses no configuration can change.</summary>
public sealed record FixedEndpoints
{
    public static readonly FixedEndpoints Default = new();

    public string PagerdutyV1 { get; init; } = "https://events.pagerduty.com/generic/2010-04-15/create_event.json";
    public string Pushover { get; init; } = "https://api.pushover.net/1/messages.json";
    public string SlackUpdate { get; init; } = "https://slack.com/api/chat.update";
}
