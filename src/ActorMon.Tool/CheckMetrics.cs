using ActorMon.Exposition.Strict;

namespace ActorMon.Tool;

/// <summary><c>check metrics</c>: what is wrong with an OpenMetrics page, line by line.</summary>
public static class CheckMetrics
{
    public static int Run(Stream input, TextWriter output, TextWriter errors)
    {
        using var body = new MemoryStream();
        input.CopyTo(body);
        var problems = OpenMetricsChecker.Check(body.GetBuffer().AsMemory(0, (int)body.Length));
        foreach (var problem in problems)
            errors.WriteLine($"{problem.Line}: {problem.Text}");
        output.WriteLine(problems.Count == 0 ? "SUCCESS" : $"FAILED: {problems.Count} problems");
        return problems.Count == 0 ? 0 : 1;
    }
}
