using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Files;
using ActorMon.Rules.Groups;

namespace ActorMon.Rules.UnitTests;

/// <summary>What a unit test found; nothing: it passed.</summary>
/// <param name="Store">The test's series and what rules wrote beside them; null when the test could not start.</param>
public sealed record UnitTestOutcome(IReadOnlyList<UnitTestFailure> Failures, MemoryStore? Store)
{
    public static UnitTestOutcome Unusable(string text) => new([new TestUnusable(text)], null);
}

/// <summary>
/// Runs rule unit tests as promtool does: rules are evaluated from the test's start at every evaluation interval up to the last time asked for, alerts are compared
/// on the way, queries at the end. Each test has a storage of its own.
/// </summary>
/// <param name="rules">The rule files of the test file, checked.</param>
public sealed class UnitTestRunner(UnitTestFile file, IReadOnlyList<RuleFile> rules, RuleChecks checks)
{
    private readonly UnitTestFile _file = file;
    private readonly RuleChecks _checks = checks;

    /// <summary>What promtool's engine allows a query of a test.</summary>
    private const long MaxSamples = 10_000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(100);

    public async Task<UnitTestOutcome> RunAsync(UnitTest test, CancellationToken cancellation)
    {
        if (InputLoader.Read(test, out var problem) is not { } input)
            return UnitTestOutcome.Unusable(problem);
        foreach (var alert in test.Alerts)
            if (alert.AlertName.Length == 0)
                return UnitTestOutcome.Unusable($"an item under alert_rule_test misses required attribute alertname at eval_time {Model.Time.PrometheusDuration.Format(alert.At)}"
                    + (test.Name.Length > 0 ? $" (in TestGroup {test.Name})" : ""));
        var store = new MemoryStore();
        var engine = new QueryEngine(new QueryEngineOptions
        {
            MaxSamples = MaxSamples,
            Timeout = Timeout,
            SubqueryStepMs = (long)_file.EvaluationInterval.TotalMilliseconds,
        });
        var run = new Run(this, test, input, store, engine);
        if (await run.EvaluateAsync(cancellation).ConfigureAwait(false))
            await run.QueryAsync(cancellation).ConfigureAwait(false);
        return new UnitTestOutcome(run.Failures, store);
    }

    private List<GroupEvaluator> Evaluators(UnitTest test, QueryEngine engine, MemoryStore store)
    {
        var settings = new RuleSettings { ExternalLabels = test.ExternalLabels, ExternalUrl = test.ExternalUrl, Parser = _checks.Parser };
        var queries = new EngineRuleQueries(engine, store);
        var order = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < _file.GroupOrder.Count; i++)
            order[_file.GroupOrder[i]] = i;
        var groups = new List<(int Order, int Place, GroupEvaluator Evaluator)>();
        foreach (var rule in rules)
            foreach (var group in RuleGroupCompiler.Compile(rule, test.Interval, _checks))
                groups.Add((order.GetValueOrDefault(group.Name), groups.Count, new GroupEvaluator(group, new GroupState(group, restore: false), settings, queries, store)));
        groups.Sort(static (a, b) => a.Order != b.Order ? a.Order.CompareTo(b.Order) : a.Place.CompareTo(b.Place));
        return groups.ConvertAll(static g => g.Evaluator);
    }

    private sealed class Run(UnitTestRunner runner, UnitTest test, InputLoader input, MemoryStore store, QueryEngine engine)
    {
        private readonly List<GroupEvaluator> _groups = runner.Evaluators(test, engine, store);

        public List<UnitTestFailure> Failures { get; } = [];

        /// <summary>False: a rule failed, which ends the test.</summary>
        public async Task<bool> EvaluateAsync(CancellationToken cancellation)
        {
            var interval = runner._file.EvaluationInterval;
            var alerts = new List<AlertTest>(test.Alerts);
            alerts.Sort(static (a, b) => a.At.CompareTo(b.At));
            var next = 0;
            for (var since = TimeSpan.Zero; since <= test.Length; since += interval)
            {
                var at = test.Start + since;
                if (input.LoadUntil(at, store) is { } problem)
                    Failures.Add(new TestUnusable(problem));
                else if (!await EvaluateAsync(at, cancellation).ConfigureAwait(false))
                    return false;
                for (; next < alerts.Count && alerts[next].At < since + interval; next++)
                    Compare(alerts[next]);
            }
            return true;
        }

        private async Task<bool> EvaluateAsync(TimestampMs at, CancellationToken cancellation)
        {
            var failed = false;
            foreach (var group in _groups)
            {
                await group.EvaluateAsync(at, cancellation).ConfigureAwait(false);
                for (var i = 0; i < group.Group.Rules.Count; i++)
                {
                    if (group.State.Rules[i].LastError is not { } error)
                        continue;
                    Failures.Add(new RuleFailed(group.Group.Rules[i].Name, at, error));
                    failed = true;
                }
            }
            return !failed;
        }

        private void Compare(AlertTest expected)
        {
            var got = new List<TestAlert>();
            foreach (var group in _groups)
                for (var i = 0; i < group.Group.Rules.Count; i++)
                    if (group.Group.Rules[i] is AlertingRule rule && rule.Name == expected.AlertName)
                        foreach (var alert in group.State.Rules[i].Alerts.Snapshot())
                            if (alert.State == AlertState.Firing)
                                got.Add(new TestAlert(alert.Labels, alert.Annotations));
            var wanted = new List<TestAlert>();
            foreach (var alert in expected.Expected)
                wanted.Add(new TestAlert(
                    RuleLabels.Texts(new Dictionary<string, string>(alert.Labels) { [RuleLabels.AlertName] = expected.AlertName }), RuleLabels.Texts(alert.Annotations)));
            got.Sort(ByContent);
            wanted.Sort(ByContent);
            if (!UnitTestComparison.Same(wanted, got))
                Failures.Add(new AlertsDiffer(test.Name, expected.AlertName, expected.At, wanted, got));
        }

        private static int ByContent(TestAlert a, TestAlert b) => a.Labels.CompareTo(b.Labels) is not 0 and var order ? order : a.Annotations.CompareTo(b.Annotations);

        public async Task QueryAsync(CancellationToken cancellation)
        {
            foreach (var asked in test.Expressions)
            {
                var parsed = PromQLParser.Parse(asked.Expression, runner._checks.Parser);
                var error = parsed.ErrorText;
                var wanted = new List<TestSample>();
                var got = new List<TestSample>();
                if (parsed.Success)
                    error = await AnswerAsync(parsed.Expr, asked, got, cancellation).ConfigureAwait(false) ?? UnitTestComparison.Read(asked.Expected, wanted);
                if (error is not null)
                    Failures.Add(new ExpressionFailed(asked.Expression, asked.At, error));
                else if (!UnitTestComparison.Same(wanted, got, runner._file.FuzzyCompare))
                    Failures.Add(new SamplesDiffer(asked.Expression, asked.At, wanted, got));
            }
        }

        private async Task<string?> AnswerAsync(PromQL.Ast.Expr expression, ExpressionTest asked, List<TestSample> got, CancellationToken cancellation)
        {
            var request = new QueryRequest { Expression = expression, Text = asked.Expression, Start = (test.Start + asked.At).Value };
            var result = await engine.ExecuteAsync(request, store, cancellation).ConfigureAwait(false);
            if (!result.IsSuccess)
                return result.Error.Text;
            if (RuleVector.Of(result.Value) is not { } vector)
                return "rule result is not a vector or scalar";
            for (var i = 0; i < vector.Count; i++)
                got.Add(UnitTestComparison.Sample(vector.Series[i], vector.Values[i], vector.HistogramAt(i)));
            return null;
        }
    }
}
