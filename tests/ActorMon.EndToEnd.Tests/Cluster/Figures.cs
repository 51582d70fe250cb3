using System.Globalization;
using Xunit.Abstractions;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>
/// What a run has measured: to the test's output and, with $ACTORMON_FIGURES, to the end of that file. Goals of speed are asserted only with $ACTORMON_GOALS=1: on a loaded
/// machine they say nothing; what is right and what is wrong is asserted always.
/// </summary>
public sealed class Figures(ITestOutputHelper output, string scenario)
{
    private static readonly string? FilePath = Environment.GetEnvironmentVariable("ACTORMON_FIGURES");
    private static readonly bool AssertsGoals = Environment.GetEnvironmentVariable("ACTORMON_GOALS") == "1";

    private readonly List<string> _missed = [];

    public void Add(string line)
    {
        var text = $"{scenario}: {line}";
        output.WriteLine(text);
        if (FilePath is not null)
            File.AppendAllText(FilePath, text + "\n");
    }

    /// <summary>Seconds of something, of which the goal is at most so many.</summary>
    public void Goal(string what, TimeSpan measured, double seconds)
    {
        var isMissed = measured.TotalSeconds > seconds;
        Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {measured.TotalSeconds:F1} s (goal {seconds} s){(isMissed ? " MISSED" : "")}"));
        if (isMissed)
            _missed.Add(what);
    }

    /// <summary>A number, of which the goal is at most so many.</summary>
    public void Goal(string what, double measured, double most)
    {
        var isMissed = measured > most;
        Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {measured:0.##} (goal {most:0.##}){(isMissed ? " MISSED" : "")}"));
        if (isMissed)
            _missed.Add(what);
    }

    /// <summary>At the end of a run, when everything was printed.</summary>
    public void AssertGoals() => Assert.True(!AssertsGoals || _missed.Count == 0, "goals missed: " + string.Join("; ", _missed));
}
