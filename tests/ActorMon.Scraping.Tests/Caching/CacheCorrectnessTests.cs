using System.Globalization;
using System.Text;
using ActorMon.Exposition.Parsing;
using ActorMon.Model.Labels;
using ActorMon.Scraping.Tests.Support;
using CsCheck;

namespace ActorMon.Scraping.Tests.Caching;

/// <summary>Whatever a target exposes from scrape to scrape, the cached way stores what a parse of each body alone would store.</summary>
public sealed class CacheCorrectnessTests
{
    [Fact]
    public Task Cached_scrapes_store_what_uncached_ones_would() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Bool).SampleAsync((seed, openMetrics) => Run(seed, openMetrics), iter: 300);

    private static async Task Run(int seed, bool openMetrics)
    {
        var random = new Random(seed);
        var bench = new ScrapeBench();
        var exposed = Enumerable.Range(0, random.Next(1, 60)).Select(i => Line(random, i)).ToList();
        var before = new Dictionary<string, double>();
        for (var scrape = 0; scrape < 12; scrape++)
        {
            Mutate(random, exposed);
            var broken = random.Next(8) == 0;
            var body = Body(random, exposed, openMetrics, broken, out var values);
            var outcome = await bench.Scrape(body, openMetrics ? ScrapeBench.OpenMetrics : ScrapeBench.Text);
            Assert.Equal(!broken, outcome.Up);
            var expected = broken ? [] : Naive(values);
            var wanted = expected.Select(p => $"{p.Key} {p.Value}").Concat(before.Keys.Where(k => !expected.ContainsKey(k)).Select(k => $"{k} stale"));
            Assert.Equal(wanted.Order(StringComparer.Ordinal), bench.Stored().Order(StringComparer.Ordinal));
            // A batch that is refused or lost now and then must not change what later scrapes store.
            if (random.Next(5) == 0 && outcome.Batches.Count > 0)
                bench.Scraper.ResetLayout(outcome.Batches[0].Partition);
            before = expected;
        }
    }

    private static string Line(Random random, int number) => random.Next(4) switch
    {
        0 => $"m{number}",
        1 => $"m{number % 7}{{a=\"{number}\"}}",
        2 => $"m{number % 7}{{a=\"{number}\",b=\"x y\\\"{number % 3}\"}}",
        _ => $"{{\"m.{number % 5}\",\"l.x\"=\"{number}\"}}",
    };

    private static void Mutate(Random random, List<string> lines)
    {
        switch (random.Next(7))
        {
            case 0:
                for (var i = random.Next(6); i > 0 && lines.Count > 0; i--)
                    lines.RemoveAt(random.Next(lines.Count));
                break;
            case 1:
                for (var i = random.Next(6); i > 0; i--)
                    lines.Insert(random.Next(lines.Count + 1), Line(random, random.Next(1000)));
                break;
            case 2:
                var shuffled = lines.ToArray();
                random.Shuffle(shuffled);
                lines.Clear();
                lines.AddRange(shuffled);
                break;
            case 3 when lines.Count > 2:
                var (from, to) = (random.Next(lines.Count), random.Next(lines.Count));
                (lines[from], lines[to]) = (lines[to], lines[from]);
                break;
            case 4:
                // The same series written with its labels the other way round: another key, the same series.
                for (var i = 0; i < lines.Count; i++)
                    if (lines[i].IndexOf(",b=", StringComparison.Ordinal) is > 0 and var comma)
                        lines[i] = $"{lines[i][..(lines[i].IndexOf('{') + 1)]}{lines[i][(comma + 1)..^1]},{lines[i][(lines[i].IndexOf('{') + 1)..comma]}}}";
                break;
            case 5:
                lines.Clear();
                lines.AddRange(Enumerable.Range(0, random.Next(1, 30)).Select(i => Line(random, i)));
                break;
        }
    }

    private static string Body(Random random, List<string> lines, bool openMetrics, bool broken, out string plain)
    {
        var body = new StringBuilder();
        foreach (var line in lines)
        {
            if (random.Next(10) == 0)
                body.Append("# HELP x ").Append(random.Next(3)).Append('\n');
            var value = random.Next(5) == 0 ? random.NextDouble() : random.Next(100);
            body.Append(line).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        }
        plain = body.ToString();
        if (broken)
            body.Append("broken{\n");
        if (openMetrics)
            body.Append("# EOF\n");
        return body.ToString();
    }

    /// <summary>Every series of the body parsed by itself; the first of two equal ones counts.</summary>
    private static Dictionary<string, double> Naive(string body)
    {
        var values = new Dictionary<string, double>();
        var parser = new TextParser(Encoding.UTF8.GetBytes(body));
        var labels = new LabelSetBuilder();
        while (parser.Next() is var entry && entry != ExpositionEntry.End)
        {
            if (entry != ExpositionEntry.Series)
                continue;
            parser.ReadLabels(labels);
            labels.Set("instance", "h:1").Set("job", "j");
            values.TryAdd(labels.Build().ToString(), parser.Value);
        }
        return values;
    }
}
