using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Testing.Storage;

namespace ActorMon.PromQL.Tests.Engine;

/// <summary>About ten minutes of counters, gauges and buckets with gaps, resets, stale markers and special values.</summary>
internal static class RandomData
{
    public static MemorySeriesSource Create(Random random)
    {
        var source = new MemorySeriesSource();
        foreach (var job in new[] { "x", "y" })
        {
            for (var instance = 0; instance < 4; instance++)
            {
                string[] labels = ["job", job, "instance", $"{instance}"];
                Fill(source, LabelSet.Of(["__name__", "a_total", .. labels]), random, counter: true);
                Fill(source, LabelSet.Of(["__name__", "b", .. labels]), random, counter: false);
                foreach (var bound in new[] { "0.1", "1", "+Inf" })
                    Fill(source, LabelSet.Of(["__name__", "c_bucket", "le", bound, .. labels]), random, counter: true);
            }
        }
        return source;
    }

    private static void Fill(MemorySeriesSource source, LabelSet labels, Random random, bool counter)
    {
        var value = random.NextDouble() * 100;
        for (var time = random.Next(20_000); time < 700_000; time += 15_000 + random.Next(2_000))
        {
            switch (random.Next(25))
            {
                case 0:
                    source.Add(labels, time, SpecialValues.StaleNaN);
                    continue;
                case 1:
                    time += 200_000;
                    continue;
                case 2:
                    value = counter ? 0 : double.NaN;
                    break;
                case 3:
                    value = counter ? value : 1e308;
                    break;
                default:
                    value = counter ? value + (random.NextDouble() * 10) : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(12));
                    break;
            }
            source.Add(labels, time, value);
        }
    }
}
