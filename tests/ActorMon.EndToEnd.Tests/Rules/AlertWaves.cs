using System.Globalization;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Rules;

/// <summary>
/// Conditions that come and go, each a while after the one before, so that at any moment some alerts wait, some fire, some are kept firing and some have ended. Written a minute ahead: an
/// evaluation finds what belongs to its time whatever the writer has to wait for.
/// </summary>
/// <param name="start">Whole seconds; nothing is on before.</param>
public sealed class AlertWaves(DateTimeOffset start)
{
    public const int Count = 12;
    public const string Rule = "Wave";

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan For = TimeSpan.FromSeconds(40);
    public static readonly TimeSpan KeepFiringFor = TimeSpan.FromSeconds(60);

    private const long Period = 240;
    private const long On = 100;
    private const long Shift = 20;

    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>One group; what it records shows when it was evaluated.</summary>
    public static string RuleFile => $$$"""
        groups:
          - name: waves
            interval: {{{Interval.TotalSeconds}}}s
            rules:
              - record: evaluated
                expr: time()
              - alert: {{{Rule}}}
                expr: wave > 0
                for: {{{For.TotalSeconds}}}s
                keep_firing_for: {{{KeepFiringFor.TotalSeconds}}}s
                labels: {severity: page, team: "{{ $labels.job }}s"}
                annotations: {summary: "{{ $labels.wave }} is {{ $value }}"}

        """;

    /// <summary>The labels of an alert.</summary>
    public static Dictionary<string, string> LabelsOf(int wave) => new(StringComparer.Ordinal)
    {
        ["alertname"] = Rule,
        ["job"] = "sea",
        ["severity"] = "page",
        ["team"] = "seas",
        ["wave"] = Text(wave),
    };

    /// <param name="time">Unix milliseconds.</param>
    public bool IsOn(int wave, long time)
    {
        // What an evaluation sees is the last whole second.
        var since = Math.DivRem(time, 1000).Quotient - start.ToUnixTimeSeconds() - (wave * Shift);
        return since >= 0 && since % Period < On;
    }

    /// <summary>Writes until it is stopped; each request to the first of the servers that takes it.</summary>
    public async Task WriteAsync(Func<IEnumerable<MetricsServer>> servers, CancellationToken stop)
    {
        for (var at = start - Ahead; !stop.IsCancellationRequested; at += Step)
        {
            while (at - TimeProvider.System.GetUtcNow() > Ahead && !stop.IsCancellationRequested)
                await Task.Delay(100, CancellationToken.None);
            var time = at.ToUnixTimeMilliseconds();
            var samples = Enumerable.Range(0, Count).Select(wave =>
                ((IReadOnlyList<(string, string)>)[("__name__", "wave"), ("job", "sea"), ("wave", Text(wave))], time, IsOn(wave, time) ? 1.0 : 0.0)).ToList();
            while (!stop.IsCancellationRequested && !await IsTakenAsync(servers(), samples))
                await Task.Delay(100, CancellationToken.None);
        }
    }

    private static async Task<bool> IsTakenAsync(IEnumerable<MetricsServer> servers, List<(IReadOnlyList<(string Name, string Value)>, long, double)> samples)
    {
        foreach (var server in servers)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                if ((int)await new RemoteWriter(server).SendAsync(samples, patience.Token) / 100 == 2)
                    return true;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // The next one, or again.
            }
        }
        return false;
    }

    private static string Text(int wave) => wave.ToString(CultureInfo.InvariantCulture);
}
