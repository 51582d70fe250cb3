using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Rules.UnitTests;

/// <summary>A file of rule unit tests, the format of promtool's <c>test rules</c>.</summary>
/// <param name="RuleFiles">Patterns, joined to the file's folder.</param>
/// <param name="EvaluationInterval">How often rules are evaluated.</param>
/// <param name="GroupOrder">Groups in the order they are evaluated in; those that are not named come with the first.</param>
/// <param name="FuzzyCompare">Values may differ in the last bit.</param>
public sealed record UnitTestFile(
    IReadOnlyList<string> RuleFiles, TimeSpan EvaluationInterval, IReadOnlyList<string> GroupOrder, bool FuzzyCompare, IReadOnlyList<UnitTest> Tests)
{
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(1);
}

/// <summary>One test: series, and what rules and queries make of them.</summary>
public sealed record UnitTest
{
    /// <summary>"" when it has none.</summary>
    public string Name { get; init; } = "";

    /// <summary>Time between the values of a series.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Time of the first value and the first evaluation; evaluation times count from here.</summary>
    public TimestampMs Start { get; init; }
    public IReadOnlyList<InputSeries> Input { get; init; } = [];
    public IReadOnlyList<AlertTest> Alerts { get; init; } = [];
    public IReadOnlyList<ExpressionTest> Expressions { get; init; } = [];
    public LabelSet ExternalLabels { get; init; } = LabelSet.Empty;
    public string ExternalUrl { get; init; } = "";

    /// <summary>The last time anything is looked at.</summary>
    public TimeSpan Length
    {
        get
        {
            var length = TimeSpan.Zero;
            foreach (var test in Alerts)
                length = test.At > length ? test.At : length;
            foreach (var test in Expressions)
                length = test.At > length ? test.At : length;
            return length;
        }
    }
}

/// <summary>A series and its values in the notation of PromQL's tests: <c>1+2x3 _ stale</c>.</summary>
public sealed record InputSeries(string Series, string Values);

/// <summary>The alerts of one name that fire at a time.</summary>
/// <param name="At">From the test's start.</param>
public sealed record AlertTest(TimeSpan At, string AlertName, IReadOnlyList<ExpectedAlert> Expected);

/// <param name="Labels">Without alertname.</param>
public sealed record ExpectedAlert(IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations);

/// <summary>The result of a query at a time.</summary>
public sealed record ExpressionTest(string Expression, TimeSpan At, IReadOnlyList<ExpectedSample> Expected);

/// <param name="Labels">In PromQL's notation; "" for none.</param>
/// <param name="Histogram">In PromQL's notation; "": the value counts.</param>
public sealed record ExpectedSample(string Labels, double Value, string Histogram);
