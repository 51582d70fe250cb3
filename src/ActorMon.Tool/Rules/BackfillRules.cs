using System.Globalization;
using ActorMon.Model.Labels;
using ActorMon.PromQL.Results;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Groups;
using ActorMon.Rules.Replay;
using ActorMon.Tool.Tsdb;
using ActorMon.Tsdb.Transfer;

namespace ActorMon.Tool.Rules;

/// <summary><c>rules backfill</c>: what recording rules would have written, out of a server's data, into a node's data directory.</summary>
internal static class BackfillRules
{
    private static readonly TimeSpan Recent = TimeSpan.FromHours(3);

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors, TimeProvider time)
    {
        var given = new CommandArguments(arguments, [.. PastRules.Flags, .. ImportOptions.Flags, "output-dir"], ImportOptions.Switches);
        var past = PastRules.Read(given, time.GetUtcNow(), Recent, null);
        using var server = new ServerQueries(past.Server);
        using var target = ImportOptions.Target(given, given.Last("output-dir") ?? TsdbSource.DefaultPath);
        var rows = new List<BlockRow>();
        var collector = new SampleCollector(target, null, ImportOptions.Memory(given), part => rows.Add(BlockRow.Of(part)));
        var failed = false;
        foreach (var group in past.Groups)
            foreach (var rule in group.Rules.OfType<RecordingRule>())
                failed |= !await FillAsync(group, rule, past, server, collector, errors);
        collector.Flush();
        if (!given.Has("quiet") && rows.Count > 0)
            BlockTable.Write(rows, "PART", given.Has("human-readable"), output);
        return failed ? 1 : 0;
    }

    /// <summary>False: a query failed; what came before it is kept.</summary>
    private static async Task<bool> FillAsync(RuleGroup group, RecordingRule rule, PastRules past, ServerQueries server, SampleCollector collector, TextWriter errors)
    {
        var labels = new OutputLabels(new LabelSetBuilder(rule.Labels).Set(LabelNames.MetricName, rule.Name).Build());
        var first = new GroupSchedule(group).Next(past.Start - TimeSpan.FromMilliseconds(1));
        foreach (var (start, end) in RangeSlices.Of(first, past.End, group.Interval))
        {
            var result = await server.RunAsync(rule.ExpressionText, start, end, group.Interval, CancellationToken.None);
            if (result.Value is not MatrixValue matrix)
            {
                errors.WriteLine(string.Create(CultureInfo.InvariantCulture, $"group {group.Name}, rule {rule.Name}: query range: {result.Error?.Text}"));
                return false;
            }
            foreach (var series in matrix.Series)
            {
                var written = labels.Of(series.Labels);
                for (var i = 0; i < series.Count; i++)
                    collector.Add(written, series.Times[i], series.Values[i]);
            }
        }
        return true;
    }
}
