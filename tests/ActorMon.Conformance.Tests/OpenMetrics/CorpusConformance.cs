using ActorMon.Exposition.Strict;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.OpenMetrics;

public class CorpusConformance
{
    [ConformanceFact]
    public void The_strict_checker_agrees_with_the_specifications_corpus()
    {
        var run = new ConformanceRun("openmetrics", "corpus");
        foreach (var folder in Directory.GetDirectories(ConformanceData.PathOf("openmetrics", "openmetrics-corpus")).Order(StringComparer.Ordinal))
        {
            run.Case(Path.GetFileName(folder), () =>
            {
                var shouldParse = ConformanceData.Json(Path.Combine(folder, "test.json")).GetProperty("shouldParse").GetBoolean();
                var problems = OpenMetricsChecker.Check(File.ReadAllBytes(Path.Combine(folder, "metrics")));
                Assert.True(shouldParse == (problems.Count == 0), shouldParse ? string.Join("; ", problems) : "no problem was found");
            });
        }
        run.Finish(211);
    }
}
