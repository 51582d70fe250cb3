using ActorMon.Model.Labels;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Tsdb.Tests.Index;

public class SeriesOrderTests
{
    [Fact]
    public void Series_come_in_the_order_of_their_labels_however_many_are_wanted_and_however_many_came_since()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var table = new SeriesTable(new NodeSymbols());
            for (var round = 0; round < 6; round++)
            {
                for (var i = random.Next(400); i >= 0; i--)
                    table.GetOrAdd(RandomLabels(random));
                // As a view would that is older than the table.
                var count = random.Next(table.Count) + 1;
                var share = random.Next(1, 5);
                var series = Enumerable.Range(0, count).Where(_ => random.Next(share) == 0).ToArray();

                var expected = series.Select(table.Labels).Order().ToArray();
                table.Order.Sort(series, count);

                Assert.Equal(expected, series.Select(table.Labels));
            }
        }
    }

    [Fact]
    public void Head_and_parts_hold_one_instance_of_a_text()
    {
        var symbols = new NodeSymbols();
        var text = symbols.Text(symbols.Intern("a value of a label"));
        Assert.Same(text, SharedTexts.Of("a value of a label"u8));
        Assert.Equal("\u00fc\udcff", SharedTexts.Of([0xC3, 0xBC, 0xFF]));
        Assert.Equal("\u00fc\udcff", SharedTexts.Of([0xC3, 0xBC, 0xFF]));
    }

    /// <summary>Names that are prefixes of each other, sets that are prefixes of each other, characters whose UTF-16 order is not their UTF-8 order.</summary>
    private static LabelSet RandomLabels(Random random)
    {
        string[] names = ["a", "aa", "b", "c"];
        string[] texts = ["a", "aa", "b", "\u00fc", "\uFFFD", "\U0001F600", "z"];
        var builder = new LabelSetBuilder();
        for (var i = random.Next(1, 5); i > 0; i--)
            builder.Set(names[random.Next(names.Length)], texts[random.Next(texts.Length)] + random.Next(5));
        return builder.Build();
    }
}
