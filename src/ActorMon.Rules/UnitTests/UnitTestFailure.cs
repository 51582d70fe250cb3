using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Rules.UnitTests;

/// <summary>One thing a unit test found.</summary>
public abstract record UnitTestFailure;

/// <summary>The test itself or its rule files cannot be used.</summary>
public sealed record TestUnusable(string Text) : UnitTestFailure;

/// <summary>A rule's evaluation ended with an error; the test ends there.</summary>
/// <param name="At">Since the epoch.</param>
public sealed record RuleFailed(string Rule, TimestampMs At, string Error) : UnitTestFailure;

/// <summary>Other alerts fire than was expected; both sorted.</summary>
public sealed record AlertsDiffer(string Test, string AlertName, TimeSpan At, IReadOnlyList<TestAlert> Expected, IReadOnlyList<TestAlert> Got) : UnitTestFailure;

/// <summary>A query cannot be answered, or what was expected of it cannot be read.</summary>
public sealed record ExpressionFailed(string Expression, TimeSpan At, string Error) : UnitTestFailure;

/// <summary>A query's result is another than was expected; both sorted.</summary>
public sealed record SamplesDiffer(string Expression, TimeSpan At, IReadOnlyList<TestSample> Expected, IReadOnlyList<TestSample> Got) : UnitTestFailure;

public sealed record TestAlert(LabelSet Labels, LabelSet Annotations);

/// <param name="Histogram">In PromQL's notation; "" for a float.</param>
public sealed record TestSample(LabelSet Labels, double Value, string Histogram);
