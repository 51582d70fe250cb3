using System.Text.Json;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Notifications;
using ActorMon.Alerting.Routing;
using ActorMon.Configuration.Alertmanager;
using ActorMon.Configuration.Files;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Sending;

namespace ActorMon.Tool.Alertmanager;

/// <summary>
/// Tells alerts to the receivers of a configuration, once and at once: routed and grouped as a node would, but without waiting, silences, inhibition and further
/// attempts. With --dry-run nothing is sent: it shows what would be.
/// </summary>
internal static class ReceiverTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors, TimeProvider time)
    {
        const string config = "--config.file=", alerts = "--alerts.file=", external = "--web.external-url=";
        var (configFile, alertsFile, url) = ("", "", "http://localhost:9093");
        Rehearsal? rehearsal = null;
        foreach (var argument in arguments)
            switch (argument)
            {
                case not null when argument.StartsWith(config, StringComparison.Ordinal): configFile = Path.GetFullPath(argument[config.Length..]); break;
                case not null when argument.StartsWith(alerts, StringComparison.Ordinal): alertsFile = argument[alerts.Length..]; break;
                case "--dry-run": rehearsal = new Rehearsal(); break;
                case not null when argument.StartsWith(external, StringComparison.Ordinal): url = argument[external.Length..].TrimEnd('/'); break;
                default: return Failed($"unexpected {argument}", errors);
            }
        if (configFile.Length == 0 || alertsFile.Length == 0)
            return Failed("--config.file or --alerts.file is missing", errors);
        var files = new DiskConfigFiles();
        var loaded = AlertmanagerConfigLoader.Load(configFile, files);
        if (loaded.Config is null)
            return Failed(string.Join('\n', loaded.Errors), errors);
        var build = ReceiverLoading.Load(loaded.Config, files, rehearsal);
        if (build.Receivers is not { } receivers)
            return Failed(string.Join('\n', build.Errors), errors);
        using (receivers)
        {
            var now = time.GetUtcNow();
            var (accepted, refusal) = Read(alertsFile, loaded.Config.Alerting, now);
            if (refusal is not null)
                return Failed(refusal, errors);
            var alerting = loaded.Config.Alerting;
            return await TellAsync(receivers, rehearsal, Trial.Of(alerting, new RoutingTree(alerting.Route), accepted, "", url, now), output, errors);
        }
    }

    private static async Task<int> TellAsync(ReceiverSet receivers, Rehearsal? rehearsal, IReadOnlyList<Notification> notifications, TextWriter output, TextWriter errors)
    {
        var failed = false;
        foreach (var one in notifications)
        {
            var notification = one with { RouteLabels = receivers.RenderRouteLabels(one, errors.WriteLine, CancellationToken.None) };
            foreach (var integration in receivers.Of(notification.Receiver))
            {
                var told = Trial.ToldTo(integration, notification);
                var name = FormattableString.Invariant($"{notification.GroupKey} {notification.Receiver}/{integration.Type}[{integration.Index}]");
                if (told.Count == 0)
                {
                    output.WriteLine($"{name}: nothing to tell, all alerts are resolved and send_resolved is off");
                    continue;
                }
                using var deadline = new CancellationTokenSource(Patience);
                var result = await integration.NotifyAsync(notification with { Alerts = told }, deadline.Token);
                failed |= result.Outcome.Error is not null;
                (result.Outcome.Error is null ? output : errors).WriteLine($"{name}: {(result.Outcome.Error is { } error ? "FAILED: " + error : rehearsal is null ? "sent" : "would send")}");
                foreach (var message in rehearsal?.Take() ?? [])
                    Show(message, output);
            }
        }
        return failed ? 1 : 0;
    }

    private static void Show(TrialMessage message, TextWriter output)
    {
        output.WriteLine($"  {message.Method} {message.Address}");
        foreach (var (header, value) in message.Headers)
            output.WriteLine($"  {header}: {value}");
        output.WriteLine();
        output.WriteLine("  " + message.Body.ReplaceLineEndings("\n  "));
    }

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
