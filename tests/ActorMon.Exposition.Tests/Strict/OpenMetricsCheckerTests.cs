using System.Text;
using ActorMon.Exposition.Strict;
using ActorMon.Exposition.Tests.Fuzz;

namespace ActorMon.Exposition.Tests.Strict;

public class OpenMetricsCheckerTests
{
    [Fact]
    public void Problems_name_the_line_they_are_on()
    {
        var problems = OpenMetricsChecker.Check("# TYPE a counter\na_total 1\na_total{b=\"c\"} -1\n# TYPE b info\nb_info 2\n# EOF\n"u8.ToArray());
        Assert.Equal(["line 3: a_total is negative", "line 5: an info is 1, not 2"], problems.Select(p => p.ToString()));
    }

    [Fact]
    public void A_syntax_error_ends_the_check()
    {
        var problem = Assert.Single(OpenMetricsChecker.Check("a 1\nb\n# EOF\n"u8.ToArray()));
        Assert.Equal(2, problem.Line);
    }

    [Fact]
    public void A_document_of_problems_yields_a_bounded_list()
    {
        var document = string.Concat(Enumerable.Range(0, 5000).Select(i => $"# TYPE c{i} counter\nc{i}_total -1\n")) + "# EOF\n";
        Assert.Equal(OpenMetricsChecker.MaxProblems, OpenMetricsChecker.Check(Encoding.UTF8.GetBytes(document)).Count);
    }

    [Fact]
    public void What_the_writer_writes_is_valid() => Assert.Empty(OpenMetricsChecker.Check(Documents.OpenMetrics()));
}
