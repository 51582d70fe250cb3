using System.Globalization;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.Rules.UnitTests;
using ActorMon.Tool.Tsdb;

namespace ActorMon.Tool.Rules;

/// <summary>All series of a unit test, those that rules wrote among them, for <c>--debug</c>.</summary>
internal static class UnitTestDump
{
    public static async Task WriteAsync(MemoryStore store, UnitTest test, UnitTestFile file, TextWriter output)
    {
        // The evaluation that the last time asked for falls into may lie beyond it.
        var end = test.Start + test.Length + file.EvaluationInterval;
        output.WriteLine($"DEBUG: Dump of all data (input_series and rules) at {GoText.Duration((long)test.Length.TotalMilliseconds)}:");
        using var all = await store.SelectAsync(
            new SeriesRequest([new Matcher(MatchOperator.NotEqual, LabelNames.MetricName, "")], test.Start, end), CancellationToken.None).ConfigureAwait(false);
        var samples = new SampleBuffer();
        for (var i = 0; i < all.Count; i++)
        {
            output.WriteLine($"{all.LabelsAt(i)} =>");
            all.Read(i, samples);
            for (var s = 0; s < samples.Count; s++)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{samples.HistogramAt(s)?.ToString() ?? GoFloat.FormatF(samples.Values[s])} @[{samples.Times[s]}]"));
        }
    }
}
