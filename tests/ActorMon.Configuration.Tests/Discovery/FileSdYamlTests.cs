using System.Text;
using ActorMon.Configuration.Discovery;
using ActorMon.Discovery.Files;

namespace ActorMon.Configuration.Tests.Discovery;

public sealed class FileSdYamlTests
{
    private static FileSdParseResult Parse(string text) => FileSdYaml.Parse(Encoding.UTF8.GetBytes(text), "f.yml");

    private static string[] Show(FileSdParseResult result)
    {
        Assert.Null(result.Error);
        return [.. result.Groups.Select(group => $"{group.Labels} {string.Concat(group.Targets)}")];
    }

    [Fact]
    public void Groups_have_targets_and_labels_in_block_and_flow_form() => Assert.Equal(
        ["{x=\"y\"} {__address__=\"a:1\"}{__address__=\"b:2\"}", "{} {__address__=\"c:3\"}"],
        Show(Parse("# comment\n- targets: ['a:1', \"b:2\"]\n  labels:\n    x: y\n- targets:\n  - c:3\n")));

    [Fact]
    public void Any_scalar_is_a_string() => Assert.Equal(
        ["{a=\"1\", b=\"true\", c=\"~\"} {__address__=\"9090\"}"], Show(Parse("- targets: [9090]\n  labels: {a: 1, b: true, c: '~', d: ~, e: null}")));

    [Fact]
    public void Anchors_and_aliases_are_followed() => Assert.Equal(
        ["{k=\"v\"} {__address__=\"a\"}", "{k=\"v\"} {__address__=\"b\"}"],
        Show(Parse("- targets: [a]\n  labels: &l {k: v}\n- targets: [b]\n  labels: *l\n")));

    [Theory]
    [InlineData("", 0)]
    [InlineData("# nothing\n", 0)]
    [InlineData("null", 0)]
    [InlineData("[]", 0)]
    [InlineData("- {}", 1)]
    [InlineData("- targets:\n  labels:\n", 1)]
    public void Null_and_absent_parts_are_empty(string text, int groups) => Assert.Equal(groups, Show(Parse(text)).Length);

    [Theory]
    [InlineData("- targets: [a]\n-\n", "nil target group item found")]
    [InlineData("targets: [a]", "yaml: line 1: cannot unmarshal !!map into []*targetgroup.Group")]
    [InlineData("- a", "cannot unmarshal !!str `a` into struct")]
    [InlineData("- target: [a]", "field target not found in type")]
    [InlineData("- targets: a", "cannot unmarshal !!str `a` into []string")]
    [InlineData("- targets: [[a]]", "cannot unmarshal !!seq into string")]
    [InlineData("- labels: [a]", "cannot unmarshal !!seq into model.LabelSet")]
    [InlineData("- labels: {a: [b]}", "cannot unmarshal !!seq into string")]
    [InlineData("- labels: {'': b}", "not a valid label name")]
    [InlineData("- targets: [a]\n  targets: [b]", "")]
    [InlineData("- targets: [a", "")]
    [InlineData("- targets: *nowhere", "")]
    [InlineData("- targets: [a]\n  labels:\n\tk: v", "")]
    public void What_the_peer_refuses_is_refused(string text, string error)
    {
        var result = Parse(text);
        Assert.NotNull(result.Error);
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Groups);
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_refused() => Assert.NotNull(FileSdYaml.Parse((byte[])[(byte)'-', (byte)' ', 0xFF], "f.yml").Error);

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void Deep_nesting_is_refused_without_harm(string opening) =>
        Assert.NotNull(Parse(string.Concat(Enumerable.Repeat(opening, 20_000))).Error);

    [Fact]
    public void Aliases_cannot_name_more_targets_than_the_limit()
    {
        var group = "- &g {targets: [" + string.Join(',', Enumerable.Repeat("a", 2000)) + "]}\n";
        Assert.Contains("more than 1000000 targets", Parse(group + string.Concat(Enumerable.Repeat("- *g\n", 600))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_damage_to_a_good_file_gives_groups_or_an_error_and_never_throws()
    {
        var good = Encoding.UTF8.GetBytes("- targets: ['a:1', \"b\"]\n  labels: &x\n    k: |\n      v\n- targets: [c]\n  labels: *x\n");
        var random = new Random(20261122);
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = good[..random.Next(good.Length + 1)];
            for (var times = random.Next(3); times > 0 && damaged.Length > 0; times--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(i % 2 == 0 ? 128 : 256);
            var result = FileSdYaml.Parse(damaged, "f.yml");
            Assert.True(result.Error is null || result.Groups.Count == 0);
        }
    }
}
