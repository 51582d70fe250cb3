using ActorMon.Exposition.Families;
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

    /// <summary>The peer's own expectation for this document: nothing to complain of, and this table.</summary>
    [ConformanceFact]
    public void Lint_and_cardinality_of_the_peers_metrics_document()
    {
        var run = new ConformanceRun("openmetrics", "promtoolMetrics");
        run.Case("promtool-metrics-test.prom", () =>
        {
            var families = TextFamilyParser.Parse(File.ReadAllBytes(ConformanceData.PathOf("openmetrics", "textparse", "promtool-metrics-test.prom")));
            Assert.Empty(MetricLint.Check(families));
            Assert.Equal(
                [
                    "prometheus_tsdb_compaction_chunk_size_bytes 15", "go_gc_duration_seconds 7", "net_conntrack_dialer_conn_attempted_total 4", "go_info 1",
                ],
                MetricLint.Cardinality(families).Select(c => $"{c.Metric} {c.Series}"));
        });
        run.Finish(1);
    }
}
