using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Files;
using ActorMon.Rules.Groups;
using ActorMon.Rules.Templating;
using ActorMon.Rules.UnitTests;

namespace ActorMon.Rules.Tests.Support;

/// <summary>A group over a storage in memory. Times are seconds.</summary>
public sealed class RuleBench
{
    public static readonly RuleChecks Checks = new(NameValidation.Utf8, ParserOptions.Default, GoRuleTemplates.Instance);

    private static readonly Dictionary<string, string> None = [];

    public RuleBench(RuleGroup group, RuleSettings? settings = null, bool restore = false)
    {
        Group = group;
        State = new GroupState(group, restore);
        Settings = settings ?? RuleSettings.Default;
        Queries = new GapQueries(new EngineRuleQueries(new QueryEngine(new QueryEngineOptions()), Store));
        Evaluator = new GroupEvaluator(group, State, Settings, Queries, Appender);
    }

    public RuleGroup Group { get; }
    public GroupState State { get; private set; }
    public RuleSettings Settings { get; }
    public MemoryStore Store { get; } = new();
    public GapQueries Queries { get; }
    public GroupEvaluator Evaluator { get; private set; }
    public FaultyAppender Appender => _appender ??= new FaultyAppender(Store);
    public List<AlertNotice> Notices { get; } = [];
    private FaultyAppender? _appender;

    public static RuleGroupSection Section(params RuleSection[] rules) => new("g", TimeSpan.FromMinutes(1), null, 0, None, rules, default);

    public static RuleGroup GroupOf(params RuleSection[] rules) => GroupOf(Section(rules));

    public static RuleGroup GroupOf(RuleGroupSection section) => RuleGroupCompiler.Compile(new RuleFile("f.yml", [section]), TimeSpan.FromMinutes(1), Checks)[0];

    public static RuleSection Record(string name, string expression, params string[] labels) =>
        new() { Record = name, Expression = expression, Labels = Map(labels) };

    public static RuleSection Alert(string name, string expression, int forSeconds = 0, int keepSeconds = 0, string[]? labels = null, string[]? annotations = null) => new()
    {
        Alert = name,
        Expression = expression,
        For = TimeSpan.FromSeconds(forSeconds),
        KeepFiringFor = TimeSpan.FromSeconds(keepSeconds),
        Labels = Map(labels ?? []),
        Annotations = Map(annotations ?? []),
    };

    public void Put(string metric, long seconds, double value) =>
        Assert.Null(Store.Append(new LooseSample(PromQLParser.ParseMetric(metric).Labels!, new TimestampMs(seconds * 1000), value)));

    public async Task<GroupEvaluation> EvaluateAsync(long seconds)
    {
        var evaluation = await Evaluator.EvaluateAsync(new TimestampMs(seconds * 1000), CancellationToken.None);
        Notices.AddRange(evaluation.Notices);
        return evaluation;
    }

    /// <summary>Samples of the series that match, <c>labels time value</c> a line, stale markers by name.</summary>
    public async Task<string[]> StoredAsync(string selector)
    {
        var matchers = PromQLParser.ParseMatchers(selector).Matchers!;
        using var all = await Store.SelectAsync(new Model.Reading.SeriesRequest(matchers, new TimestampMs(0), new TimestampMs(long.MaxValue)), CancellationToken.None);
        var lines = new List<string>();
        var samples = new SampleBuffer();
        for (var i = 0; i < all.Count; i++)
        {
            all.Read(i, samples);
            for (var s = 0; s < samples.Count; s++)
                lines.Add($"{Model.Text.MetricText.Of(all.LabelsAt(i))} {samples.Times[s] / 1000} {(SpecialValues.IsStale(samples.Values[s]) ? "stale" : Model.Text.GoFloat.FormatF(samples.Values[s]))}");
        }
        return [.. lines];
    }

    /// <summary>The only alert there is.</summary>
    public Alert TheAlert => Assert.Single(State.Rules[0].Alerts.Snapshot());

    private static Dictionary<string, string> Map(string[] pairs) => Enumerable.Range(0, pairs.Length / 2).ToDictionary(i => pairs[2 * i], i => pairs[(2 * i) + 1]);
}
