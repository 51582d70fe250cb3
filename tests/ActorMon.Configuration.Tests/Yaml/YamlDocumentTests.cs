using System.Text;
using ActorMon.Configuration.Yaml;

namespace ActorMon.Configuration.Tests.Yaml;

public sealed class YamlDocumentTests
{
    [Fact]
    public void Nodes_know_their_lines_and_columns()
    {
        var root = (YamlMapping)Parse("a: 1\nb:\n  - x\n  - y: z\n").Root!;
        Assert.Equal((1, 4), Place(root.Entries[0].Value));
        var list = (YamlSequence)root.Entries[1].Value;
        Assert.Equal((3, 5), Place(list.Items[0]));
        Assert.Equal((4, 8), Place(((YamlMapping)list.Items[1]).Entries[0].Value));
    }

    [Fact]
    public void An_alias_stands_for_its_anchor()
    {
        var root = (YamlMapping)Parse("a: &x [1, 2]\nb: *x\n").Root!;
        Assert.Same(root.Entries[0].Value, root.Entries[1].Value);
    }

    [Fact]
    public void Merged_entries_give_way_to_written_ones()
    {
        var root = (YamlMapping)Parse("d: &d {a: 1, b: 2}\nm:\n  <<: *d\n  b: 3\n").Root!;
        var merged = ((YamlMapping)root.Entries[1].Value).Entries.ToDictionary(e => ((YamlScalar)e.Key).Text, e => ((YamlScalar)e.Value).Text);
        Assert.Equal(new Dictionary<string, string> { ["a"] = "1", ["b"] = "3" }, merged);
    }

    [Theory]
    [InlineData("a: *nowhere\n", "unknown anchor 'nowhere' referenced")]
    [InlineData("a: &a [*a]\n", "anchor 'a' value contains itself")]
    [InlineData("a: [1, 2\n", "yaml:")]
    [InlineData("a: b: c\n", "yaml:")]
    public void Broken_documents_are_errors(string text, string problem)
    {
        var document = Parse(text);
        Assert.Contains(problem, document.Error, StringComparison.Ordinal);
        Assert.True(document.ErrorLine >= 1);
    }

    [Fact]
    public void A_document_that_multiplies_itself_by_aliases_is_refused()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
            text.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        Assert.Contains("excessive aliasing", Parse(text.ToString()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_has_a_limit() => Assert.Contains("nesting deeper", Parse(new string('[', 100_000)).Error, StringComparison.Ordinal);

    [Fact]
    public void Text_that_is_not_utf8_is_refused_with_its_line()
    {
        var document = YamlDocument.Parse("a: 1\nb: "u8.ToArray().Append((byte)0xff).ToArray());
        Assert.Equal(2, document.ErrorLine);
    }

    [Theory]
    [InlineData("yes", "!!bool")]
    [InlineData("OFF", "!!bool")]
    [InlineData("~", "!!null")]
    [InlineData("0x1F", "!!int")]
    [InlineData("017", "!!int")]
    [InlineData("1_000", "!!int")]
    [InlineData("-5", "!!int")]
    [InlineData("1e3", "!!float")]
    [InlineData(".5", "!!float")]
    [InlineData(".inf", "!!float")]
    [InlineData("1.2.3", "!!str")]
    [InlineData("15s", "!!str")]
    [InlineData("-", "!!str")]
    [InlineData("e", "!!str")]
    public void Plain_scalars_have_the_types_of_yaml_1_1(string text, string tag) => Assert.Equal(tag, ScalarTypes.TagOfPlain(text));

    private static YamlDocument Parse(string text) => YamlDocument.Parse(Encoding.UTF8.GetBytes(text));

    private static (int, int) Place(YamlNode node) => (node.Line, node.Column);
}
