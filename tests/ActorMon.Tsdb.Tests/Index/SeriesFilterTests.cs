using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Tsdb.Tests.Index;

public class SeriesFilterTests
{
    private static readonly string[] Values = ["", "a", "b", "ab", "x.y", "ü", "10.0.0.1:9100"];
    private static readonly string[] Patterns = ["a|b", "(a|ab)", "a.*", ".*", ".+", "", "a?", "x\\.y|b", "[ab]+", "ü|", "nothing", "10\\.0\\.0\\.1:9100", "(a)|(b)"];

    [Fact]
    public void Any_matchers_find_what_asking_every_series_finds()
    {
        var random = new Random(11);
        var symbols = new NodeSymbols();
        var table = new SeriesTable(symbols);
        var all = new List<LabelSet>();
        while (all.Count < 400)
        {
            var labels = LabelSet.Of("__name__", $"m{random.Next(5)}", "l1", Values[random.Next(Values.Length)], "l2", Values[random.Next(Values.Length)], "id", $"{random.Next(300)}");
            if (table.GetOrAdd(labels, StableHash.Of(labels)) == all.Count)
                all.Add(labels);
        }
        for (var round = 0; round < 3_000; round++)
        {
            var matchers = new List<Matcher>();
            for (var i = random.Next(0, 4); i > 0; i--)
                matchers.Add(AnyMatcher(random));
            // Series from the limit on belong to later views.
            var limit = random.Next(all.Count + 1);
            var found = SeriesFilter.Find(table, limit, ResolvedMatchers.Resolve(matchers, symbols)).Span.ToArray();
            var wanted = Enumerable.Range(0, limit).Where(s => matchers.TrueForAll(m => m.Matches(all[s]))).ToArray();
            Assert.True(wanted.AsSpan().SequenceEqual(found), string.Join(", ", matchers));
        }
        for (var s = 0; s < all.Count; s++)
        {
            Assert.Equal(all[s], table.Labels(s));
            Assert.Equal(s, table.Find(all[s], StableHash.Of(all[s])));
            Assert.Equal(StableHash.Of(all[s]), table.Row(s).Hash);
        }
    }

    private static Matcher AnyMatcher(Random random)
    {
        var name = random.Next(6) switch { 0 => "__name__", 1 => "id", 2 => "absent", 3 => "l2", _ => "l1" };
        var op = (MatchOperator)random.Next(4);
        var value = op is MatchOperator.Regex or MatchOperator.NotRegex
            ? Patterns[random.Next(Patterns.Length)]
            : random.Next(3) == 0 ? $"{random.Next(300)}" : random.Next(4) == 0 ? $"m{random.Next(6)}" : Values[random.Next(Values.Length)];
        return new Matcher(op, name, value);
    }

    [Fact]
    public void Posting_lists_expand_to_the_series_that_were_added_whatever_their_gaps()
    {
        var random = new Random(5);
        var postings = new LabelPostings(new IntSlab());
        var wanted = new Dictionary<int, List<int>>();
        var value = 0;
        for (var series = 0; series < 60_000; series++)
        {
            // Runs, singles and holes.
            if (random.Next(3) == 0)
                value = random.Next(40);
            if (random.Next(10) == 0)
                continue;
            postings.Add(value, series);
            if (!wanted.TryGetValue(value, out var list))
                wanted[value] = list = [];
            list.Add(series);
        }
        Assert.Equal(wanted.Count, postings.ValueCount);
        foreach (var (v, list) in wanted)
        {
            Assert.True(postings.TryFind(v, out var word));
            var expanded = new IntBuffer();
            postings.Expand(word, 50_000, ref expanded);
            Assert.Equal(list.Where(s => s < 50_000), expanded.Span.ToArray());
            Assert.Equal(expanded.Count, postings.Count(word, 50_000));
        }
        Assert.False(postings.TryFind(99, out _));
    }

    [Fact]
    public void Symbols_are_the_same_from_every_thread_and_for_any_text()
    {
        var symbols = new NodeSymbols();
        var texts = Enumerable.Range(0, 5_000).Select(i => i % 7 == 0 ? $"wert_ü{i}" : $"v{i}").Append("").Append(new string('x', 100_000)).Append("\uDC80bad").ToArray();
        var ids = new int[4][];
        Parallel.For(0, 4, t => ids[t] = Array.ConvertAll(texts, text => symbols.Intern(text)));
        for (var t = 1; t < 4; t++)
            Assert.Equal(ids[0], ids[t]);
        Assert.Equal(texts.Length, symbols.Count);
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.Equal(texts[i], symbols.Text(ids[0][i]));
            Assert.True(symbols.Is(ids[0][i], texts[i]));
            Assert.Equal(ids[0][i], symbols.Find(texts[i]));
        }
        Assert.Equal(-1, symbols.Find("never seen"));
    }
}
