using System.Text;
using ActorMon.Exposition.Parsing;
using ActorMon.Model.Labels;

namespace ActorMon.Exposition.Tests.Parsing;

public class TextParserTests
{
    [Fact]
    public void A_known_series_is_taken_only_when_its_key_ends_where_the_exposed_one_does()
    {
        var parser = new TextParser("foo_bar 1\nfoo{a=\"b\"} 2\nfoo {a=\"b\"} 3\nfoo 4\n"u8.ToArray());
        Assert.False(parser.TryNextKnown("foo"u8));
        Assert.True(parser.TryNextKnown("foo_bar"u8));
        Assert.False(parser.TryNextKnown("foo"u8));
        Assert.True(parser.TryNextKnown("foo{a=\"b\"}"u8));
        Assert.False(parser.TryNextKnown("foo"u8));
        Assert.Equal(ExpositionEntry.Series, parser.Next());
        Assert.Equal(3, parser.Value);
        Assert.True(parser.TryNextKnown("foo"u8));
        Assert.Equal(4, parser.Value);
        Assert.Equal(ExpositionEntry.End, parser.Next());
    }

    [Fact]
    public void Labels_of_a_series_taken_by_key_can_still_be_read()
    {
        var parser = new TextParser("{\"my.metric\",\"x\"=\"y\"} 1\n"u8.ToArray());
        Assert.True(parser.TryNextKnown("{\"my.metric\",\"x\"=\"y\"}"u8));
        var labels = new LabelSetBuilder();
        parser.ReadLabels(labels);
        Assert.Equal(LabelSet.Of("__name__", "my.metric", "x", "y"), labels.Build());
    }

    [Theory]
    [InlineData("histogram", "h_bucket{le=\"1\"} 0", "le", "1.0")]
    [InlineData("histogram", "h_bucket{le=\"1e3\"} 0", "le", "1000.0")]
    [InlineData("summary", "h{quantile=\".99\"} 0", "quantile", "0.99")]
    [InlineData("gauge", "h{le=\"1\"} 0", "le", "1")]
    [InlineData("histogram", "h_bucket{le=\"abc\"} 0", "le", "abc")]
    public void Bounds_and_quantiles_take_one_form_in_families_that_have_them(string type, string line, string label, string expected)
    {
        var parser = new TextParser(Encoding.UTF8.GetBytes($"# TYPE h {type}\n{line}"));
        parser.Next();
        parser.Next();
        var labels = new LabelSetBuilder();
        parser.ReadLabels(labels);
        Assert.Equal(expected, labels.Get(label));
    }

    [Fact]
    public void A_label_that_occurs_twice_fails_the_scrape()
    {
        var parser = new TextParser("a{b=\"1\",b=\"2\"} 1\n"u8.ToArray());
        parser.Next();
        Assert.Equal("label name \"b\" is not unique: invalid sample", Assert.Throws<ExpositionException>(() => parser.ReadLabels(new LabelSetBuilder())).Message);
    }

    [Fact]
    public void A_parsers_reset_forgets_the_document_before()
    {
        var parser = new TextParser("# TYPE h histogram\nh_bucket{le=\"1\"} 1\n"u8.ToArray());
        parser.Next();
        parser.Reset("h_bucket{le=\"1\"} 1"u8.ToArray());
        Assert.Equal(ExpositionEntry.Series, parser.Next());
        var labels = new LabelSetBuilder();
        parser.ReadLabels(labels);
        Assert.Equal("1", labels.Get("le"));
    }

    [Fact]
    public void A_document_in_the_middle_of_a_larger_array_is_read_within_its_bounds()
    {
        var array = "junk 1\nfoo 2\nmore 3\n"u8.ToArray();
        var parser = new TextParser(array.AsMemory(7, 6));
        Assert.Equal(ExpositionEntry.Series, parser.Next());
        Assert.Equal("foo", Encoding.UTF8.GetString(parser.SeriesKey));
        Assert.Equal(ExpositionEntry.End, parser.Next());
    }

    [Fact]
    public void Known_lines_cost_no_allocation()
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1000).Select(i => $"metric{{number=\"{i}\"}} {i * 0.25} {i}\n")));
        var keys = Enumerable.Range(0, 1000).Select(i => Encoding.UTF8.GetBytes($"metric{{number=\"{i}\"}}")).ToArray();
        var parser = new TextParser();
        parser.Reset(body);
        Assert.True(parser.TryNextKnown(keys[0]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < 500; i++)
            if (!parser.TryNextKnown(keys[i]))
                Assert.Fail("line not taken");
        for (var i = 500; i < 1000; i++)
            if (parser.Next() != ExpositionEntry.Series)
                Assert.Fail("line not read");
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
