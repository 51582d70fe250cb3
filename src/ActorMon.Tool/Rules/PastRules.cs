using System.Globalization;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Rules;
using ActorMon.Model.Samples;
using ActorMon.Model.Time;
using ActorMon.Rules.Files;
using ActorMon.Rules.Groups;
using ActorMon.Tool.Tsdb;

namespace ActorMon.Tool.Rules;

/// <summary>What commands about rules over the past are told: the server, the stretch of time, the groups.</summary>
internal sealed record PastRules(Uri Server, TimestampMs Start, TimestampMs End, IReadOnlyList<RuleGroup> Groups)
{
    public static readonly string[] Flags = ["url", "start", "end", "eval-interval", RuleFlags.Feature];

    /// <param name="until">How long before now the stretch ends when no end is given.</param>
    /// <param name="span">Its length when no start is given; null: a start is needed.</param>
    public static PastRules Read(CommandArguments given, DateTimeOffset now, TimeSpan until, TimeSpan? span)
    {
        if (!Uri.TryCreate(given.Last("url") ?? "http://localhost:9090", UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            throw new UsageException($"flag '--url': \"{given.Last("url")}\" is not the address of a server");
        var end = given.Last("end") is { } ending ? Time("end", ending) : TimestampMs.From(now - until);
        var start = given.Last("start") is { } starting ? Time("start", starting)
            : span is { } length ? end - length : throw new UsageException("required flag(s) '--start' not provided");
        if (start > end)
            throw new UsageException("the start time is after the end time");
        if (!PrometheusDuration.TryParse(given.Last("eval-interval") ?? "60s", out var interval, out var error) || interval <= TimeSpan.Zero)
            throw new UsageException($"flag '--eval-interval': {(error.Length > 0 ? error : "it must be above zero")}");
        return new PastRules(server, start, end, Load(given, interval));
    }

    private static List<RuleGroup> Load(CommandArguments given, TimeSpan interval)
    {
        var checks = RuleFlags.Checks(given.All(RuleFlags.Feature));
        var files = RuleFlags.Files(given.Places);
        if (files.Count == 0)
            throw new UsageException("required argument 'rule-files' not provided");
        var loaded = RuleFilesLoader.Load(files, new DiskConfigFiles(), checks);
        return loaded.IsLoaded ? [.. loaded.Files.SelectMany(file => RuleGroupCompiler.Compile(file, interval, checks))]
            : throw new ToolException(string.Join('\n', loaded.Errors));
    }

    private static TimestampMs Time(string flag, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < 1e12 ? new TimestampMs((long)(seconds * 1000))
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? TimestampMs.From(time)
        : throw new UsageException($"flag '--{flag}': cannot parse \"{text}\" to a valid timestamp");
}
