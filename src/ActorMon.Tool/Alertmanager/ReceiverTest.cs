using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.Groups;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Notifications;
using ActorMon.Alerting.Routing;
using ActorMon.Configuration.Alertmanager;
using ActorMon.Configuration.Files;
using ActorMon.Receivers.Building;

namespace ActorMon.Tool.Alertmanager;

/// <summary>
/// Tells alerts to the receivers of a configuration, once and at once: routed and grouped as a node would, but without waiting, silences, inhibition and further
/// attempts.
/// </summary>
internal static class ReceiverTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors, TimeProvider time)
    {
        const string config = "--config.file=", alerts = "--alerts.file=", external = "--web.external-url=";
        var (configFile, alertsFile, url) = ("", "", "http://localhost:9093");
        foreach (var argument in arguments)
            switch (argument)
            {
                case not null when argument.StartsWith(config, StringComparison.Ordinal): configFile = Path.GetFullPath(argument[config.Length..]); break;
                case not null when argument.StartsWith(alerts, StringComparison.Ordinal): alertsFile = argument[alerts.Length..]; break;
                case not null when argument.StartsWith(external, StringComparison.Ordinal): url = argument[external.Length..].TrimEnd('/'); break;
                default: return Failed($"unexpected {argument}", errors);
            }
        if (configFile.Length == 0 || alertsFile.Length == 0)
            return Failed("--config.file or --alerts.file is missing", errors);
        var files = new DiskConfigFiles();
        var loaded = AlertmanagerConfigLoader.Load(configFile, files);
        if (loaded.Config is null)
            return Failed(string.Join('\n', loaded.Errors), errors);
        var build = ReceiverLoading.Load(loaded.Config, files);
        if (build.Receivers is not { } receivers)
            return Failed(string.Join('\n', build.Errors), errors);
        using (receivers)
        {
            var now = time.GetUtcNow();
            var (accepted, refusal) = Read(alertsFile, loaded.Config.Alerting, now);
            return refusal is null ? await TellAsync(loaded.Config.Alerting, receivers, Groups(loaded.Config.Alerting, accepted, now), url, now, output, errors) : Failed(refusal, errors);
        }
    }

    private static IEnumerable<AlertGroup> Groups(AlertingConfig config, List<Alert> alerts, DateTimeOffset now)
    {
        var groups = new Dictionary<string, AlertGroup>(StringComparer.Ordinal);
        var tree = new RoutingTree(config.Route);
        foreach (var alert in alerts)
            foreach (var route in tree.Match(alert.Labels))
            {
                var labels = route.GroupLabels(alert.Labels);
                var key = $"{route.Id} {labels}";
                if (!groups.TryGetValue(key, out var group))
                    groups[key] = group = new AlertGroup(route, labels);
                // The wait of the group is over as soon as it begins.
                group.Insert(alert, now - route.Options.GroupWait);
            }
        return groups.Values;
    }

    private static async Task<int> TellAsync(
        AlertingConfig config, ReceiverSet receivers, IEnumerable<AlertGroup> groups, string url, DateTimeOffset now, TextWriter output, TextWriter errors)
    {
        var failed = false;
        foreach (var group in groups)
        {
            if (group.TakeFlush(now) is not { } flush)
                continue;
            var receiver = config.Receivers.First(receiver => receiver.Name == group.Route.Options.Receiver);
            var notification = NotificationOf(group, receiver, flush.Alerts, url, now);
            notification = notification with { RouteLabels = receivers.RenderRouteLabels(notification, errors.WriteLine, CancellationToken.None) };
            foreach (var integration in receivers.Of(receiver.Name))
            {
                IReadOnlyList<Alert> told = integration.SendResolved ? flush.Alerts : [.. flush.Alerts.Where(alert => !alert.IsResolved(now))];
                var name = FormattableString.Invariant($"{group.KeyText} {receiver.Name}/{integration.Type}[{integration.Index}]");
                if (told.Count == 0)
                {
                    output.WriteLine($"{name}: nothing to tell, all alerts are resolved and send_resolved is off");
                    continue;
                }
                using var deadline = new CancellationTokenSource(Patience);
                var result = await integration.NotifyAsync(notification with { Alerts = told }, deadline.Token);
                failed |= result.Outcome.Error is not null;
                (result.Outcome.Error is null ? output : errors).WriteLine($"{name}: {(result.Outcome.Error is { } error ? "FAILED: " + error : "sent")}");
            }
        }
        return failed ? 1 : 0;
    }

    private static Notification NotificationOf(AlertGroup group, ReceiverSettings receiver, IReadOnlyList<Alert> alerts, string url, DateTimeOffset now) => new()
    {
        Receiver = receiver.Name,
        GroupKey = group.KeyText,
        GroupLabels = group.Labels,
        Alerts = alerts,
        At = now,
        Reason = NotificationReason.FirstNotification,
        RouteLabels = group.Route.Options.Labels,
        ReceiverLabels = receiver.Labels,
        ExternalUrl = url,
        RepeatInterval = group.Route.Options.RepeatInterval,
        IdempotencyKey = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{group.KeyText} {now:O}")))),
    };

    /// <summary>A list as it is posted to /api/v2/alerts.</summary>
    private static (List<Alert> Alerts, string? Refusal) Read(string file, AlertingConfig config, DateTimeOffset now)
    {
        var alerts = new List<Alert>();
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            foreach (var item in document.RootElement.EnumerateArray())
            {
                var posted = new PostedAlert(Texts(item, "labels"), Texts(item, "annotations"), Time(item, "startsAt"), Time(item, "endsAt"),
                    item.TryGetProperty("generatorURL", out var url) ? url.GetString() ?? "" : "");
                var (alert, error) = AlertIntake.Accept(posted, now, config.ResolveTimeout, MatcherSyntax.Fallback);
                if (error is not null)
                    return (alerts, $"{file}: {error}");
                alerts.Add(alert!);
            }
            return (alerts, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException)
        {
            return (alerts, $"{file}: {e.Message}");
        }
    }

    private static KeyValuePair<string, string>[] Texts(JsonElement item, string name) =>
        item.TryGetProperty(name, out var map) ? [.. map.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, pair.Value.GetString() ?? ""))] : [];

    private static DateTimeOffset? Time(JsonElement item, string name) => item.TryGetProperty(name, out var time) ? time.GetDateTimeOffset().ToUniversalTime() : null;

    private static int Failed(string problem, TextWriter errors)
    {
        errors.WriteLine(problem);
        return 1;
    }
}
