using System.Globalization;
using System.Text.Json;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Rules;

/// <param name="At">Time of the evaluation, Unix milliseconds, as <paramref name="ActiveAt"/>.</param>
public sealed record Transition(string Change, int Wave, long At, long ActiveAt);

/// <summary>What became of the group of <see cref="AlertWaves"/>: when it was evaluated and what its alerts did.</summary>
public sealed record EvaluatedGroup(IReadOnlyList<long> Evaluations, IReadOnlyList<Transition> Transitions)
{
    public static async Task<EvaluatedGroup> ReadAsync(MetricsServer server, DateTimeOffset until)
    {
        var end = until.ToUnixTimeMilliseconds();
        var transitions = new List<Transition>();
        foreach (var row in (await server.ApiAsync($"alerts/history?end={end / 1000}")).GetProperty("transitions").EnumerateArray())
        {
            var labels = row.GetProperty("labels").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
            var wave = int.Parse(labels["wave"], CultureInfo.InvariantCulture);
            Assert.Equal(AlertWaves.LabelsOf(wave), labels);
            Assert.Equal($"{wave} is 1", row.GetProperty("annotations").GetProperty("summary").GetString());
            transitions.Add(new Transition(row.GetProperty("change").GetString()!, wave, Milliseconds(row, "evaluation"), Milliseconds(row, "activeAt")));
        }
        var evaluated = (await server.SamplesAsync("evaluated[1d]", end / 1000.0)).Values.SelectMany(samples => samples).Select(s => (long)Math.Round(s.Time * 1000));
        // One whose record was not taken has happened all the same.
        return new EvaluatedGroup([.. evaluated.Concat(transitions.Select(t => t.At)).Distinct().Order()], transitions);
    }

    private static long Milliseconds(JsonElement row, string name) => row.GetProperty(name).GetDateTimeOffset().ToUnixTimeMilliseconds();
}
