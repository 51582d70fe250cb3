using System.Globalization;
using System.Text.Json;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.Model.Time;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Replay;
using ActorMon.Tool.Tsdb;

namespace ActorMon.Tool.Rules;

/// <summary><c>rules replay</c>: which alerts rules would have raised over a stretch of the past, out of a server's data.</summary>
internal static class ReplayRules
{
    private const int DefaultDays = 7;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors, TimeProvider time)
    {
        var given = new CommandArguments(arguments, [.. PastRules.Flags, "days", "format"], []);
        var format = given.Last("format") ?? "text";
        if (format is not ("text" or "json" or "series"))
            throw new UsageException($"flag '--format': \"{format}\" is none of text, json, series");
        var past = PastRules.Read(given, time.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromDays(Math.Clamp(given.Number("days", DefaultDays), 1, 3650)));
        using var server = new ServerQueries(past.Server);
        var replays = new List<GroupReplay>();
        foreach (var group in past.Groups)
            replays.Add(await RuleReplay.RunAsync(group, RuleSettings.Default, server, past.Start, past.End, CancellationToken.None));
        if (format == "json")
            output.WriteLine(JsonSerializer.Serialize(replays.SelectMany(Objects), Indented));
        foreach (var replay in replays)
        {
            if (format == "text")
                Text(replay, output);
            else if (format == "series")
                await SeriesAsync(replay, past, output);
            foreach (var error in replay.Errors)
                errors.WriteLine($"group {replay.Group.Name}, {error}");
        }
        return replays.Exists(r => r.Errors.Count > 0) ? 1 : 0;
    }

    private static void Text(GroupReplay replay, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"group {replay.Group.Name}: {replay.Evaluations} evaluations, {replay.Alerts.Count} alerts, {replay.Alerts.Count(a => a.FiredAt is not null)} of them fired"));
        foreach (var alert in replay.Alerts)
        {
            var end = alert.EndedAt is { } ended ? $"{Moment(ended)} ({PrometheusDuration.Format(ended - alert.ActiveAt)})" : "not ended";
            output.WriteLine($"  {(alert.FiredAt is null ? "pending" : "firing ")} {alert.Labels} active {Moment(alert.ActiveAt)}"
                + (alert.FiredAt is { } fired ? $", fired {Moment(fired)}" : "") + $", end {end}");
            foreach (var annotation in alert.Annotations)
                output.WriteLine($"          {annotation.Name}: {annotation.Value}");
        }
    }

    private static IEnumerable<object> Objects(GroupReplay replay) => replay.Alerts.Select(alert => new
    {
        file = replay.Group.File,
        group = replay.Group.Name,
        rule = alert.Rule,
        labels = alert.Labels.ToDictionary(l => l.Name, l => l.Value),
        annotations = alert.Annotations.ToDictionary(l => l.Name, l => l.Value),
        activeAt = Moment(alert.ActiveAt),
        firedAt = alert.FiredAt is { } fired ? Moment(fired) : null,
        endedAt = alert.EndedAt is { } ended ? Moment(ended) : null,
    });

    /// <summary>What the rules would have written, in the form that <c>tsdb import jsonl</c> reads.</summary>
    private static async Task SeriesAsync(GroupReplay replay, PastRules past, TextWriter output)
    {
        using var all = await replay.Series.SelectAsync(
            new SeriesRequest([new Matcher(MatchOperator.NotEqual, LabelNames.MetricName, "")], past.Start - TimeSpan.FromDays(1), past.End), CancellationToken.None);
        var samples = new SampleBuffer();
        for (var i = 0; i < all.Count; i++)
        {
            all.Read(i, samples);
            var (values, times) = (new List<string>(), new List<string>());
            for (var s = 0; s < samples.Count; s++)
            {
                if (SpecialValues.IsStale(samples.Values[s]) || samples.HistogramAt(s) is not null)
                    continue;
                values.Add(double.IsFinite(samples.Values[s]) ? GoFloat.FormatF(samples.Values[s]) : $"\"{GoFloat.FormatF(samples.Values[s])}\"");
                times.Add(samples.Times[s].ToString(CultureInfo.InvariantCulture));
            }
            output.WriteLine($"{{\"metric\":{GoText.Json(all.LabelsAt(i))},\"values\":[{string.Join(',', values)}],\"timestamps\":[{string.Join(',', times)}]}}");
        }
    }

    private static string Moment(TimestampMs time) => time.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
}
