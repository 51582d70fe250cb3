namespace ActorMon.EndToEnd.Tests.Alertmanager;

/// <summary>One configuration and what is done beside the stream of alerts.</summary>
/// <param name="Body">What follows the global section; <c>{hook}</c> is the address of the webhook, <c>{before}</c> and <c>{turn}</c> are times of day, the latter that of slot 4.</param>
/// <param name="Silences">Matchers by name and value, from the first slot until the second.</param>
public sealed record SideBySidePlan(string Name, int Seed, string Body, (string Matcher, string Value, int From, int Until)[] Silences)
{
    /// <summary>A slot at a full minute: time intervals begin and end at minutes.</summary>
    public const int TurnSlot = 4;

    private const string Route = "group_wait: 3s, group_interval: 8s";

    public static readonly IReadOnlyList<SideBySidePlan> All =
    [
        new("nested routes", 1, $$"""
            route:
              {receiver: other, group_by: [alertname], {{Route}}, repeat_interval: 1h, routes: [
                {matchers: ['team="x"'], receiver: x, continue: true, group_by: [severity], routes: [
                  {matchers: ['severity="page"'], receiver: x-pages, group_by: ['...']},
                  {matchers: ['instance=~"a|b"'], receiver: x-machines, continue: true},
                  {matchers: ['alertname!="Slow"'], receiver: x-rest}]},
                {matchers: ['alertname=~"Down|Lost"'], receiver: firing-only, group_by: [instance]}]}
            receivers:
            - {name: other, webhook_configs: [{url: '{hook}'}]}
            - {name: x, webhook_configs: [{url: '{hook}'}]}
            - {name: x-pages, webhook_configs: [{url: '{hook}'}]}
            - {name: x-machines, webhook_configs: [{url: '{hook}'}]}
            - {name: x-rest, webhook_configs: [{url: '{hook}'}]}
            - {name: firing-only, webhook_configs: [{url: '{hook}', send_resolved: false}]}
            """, []),
        new("inhibition", 2, $$"""
            route: {receiver: all, group_by: [alertname], {{Route}}, repeat_interval: 1h}
            inhibit_rules:
            - {source_matchers: ['severity="page"'], target_matchers: ['severity="warn"'], equal: [instance]}
            - {source_matchers: ['alertname="Down"'], target_matchers: ['alertname=~"Down|Slow"'], equal: [team]}
            receivers: [{name: all, webhook_configs: [{url: '{hook}'}]}]
            """, []),
        new("silences and repetition", 3, $$"""
            route: {receiver: all, group_by: [alertname, team], {{Route}}, repeat_interval: 12s}
            receivers: [{name: all, webhook_configs: [{url: '{hook}'}]}]
            """, [("alertname", "Full", 0, 5), ("instance", "a|b", 3, 6), ("team", "y", 4, Slots)]),
        new("time intervals", 4, $$"""
            route:
              {receiver: all, group_by: [alertname], {{Route}}, repeat_interval: 1h, routes: [
                {matchers: ['team="x"'], receiver: muted, mute_time_intervals: [now]},
                {matchers: ['severity="page"'], receiver: active, active_time_intervals: [now], continue: true}]}
            time_intervals: [{name: now, time_intervals: [{times: [{start_time: '{before}', end_time: '{turn}'}]}]}]
            receivers:
            - {name: all, webhook_configs: [{url: '{hook}'}]}
            - {name: muted, webhook_configs: [{url: '{hook}'}]}
            - {name: active, webhook_configs: [{url: '{hook}'}]}
            """, []),
    ];

    private const int Slots = AlertStream.Slots;

    /// <param name="start">Of slot 0.</param>
    public string Configuration(string hook, DateTimeOffset start)
    {
        var turn = start + (TurnSlot * AlertStream.Slot);
        return $"global: {{resolve_timeout: {AlertStream.ResolveTimeout.TotalSeconds}s}}\n" + Body.Replace("{hook}", hook, StringComparison.Ordinal)
            .Replace("{before}", Minute(turn.AddMinutes(-3)), StringComparison.Ordinal).Replace("{turn}", Minute(turn), StringComparison.Ordinal) + "\n";
    }

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
