using System.Text;
using ActorMon.Discovery.Files;
using ActorMon.Model.Labels;
using CsCheck;

namespace ActorMon.Discovery.Tests;

public sealed class FileSdJsonTests
{
    private static FileSdParseResult Parse(string text) => FileSdJson.Parse(Encoding.UTF8.GetBytes(text), "f.json");

    [Fact]
    public void Groups_have_targets_and_labels()
    {
        var result = Parse("""[{"targets":["a:1","b:2"],"labels":{"x":"y","empty":""}},{"targets":["c:3"]}]""");
        Assert.Null(result.Error);
        Assert.Equal(
            ["{x=\"y\"} {__address__=\"a:1\"}{__address__=\"b:2\"}", "{} {__address__=\"c:3\"}"],
            result.Groups.Select(group => $"{group.Labels} {string.Concat(group.Targets)}"));
    }

    [Theory]
    [InlineData("null", 0)]
    [InlineData("[]", 0)]
    [InlineData("[{}]", 1)]
    [InlineData("[{\"targets\":null,\"labels\":null}]", 1)]
    [InlineData("[{\"Targets\":[\"a\"],\"LABELS\":{}}]", 1)]
    [InlineData(" \n[ ]\n ", 0)]
    public void Null_and_absent_parts_are_empty(string text, int groups)
    {
        var result = Parse(text);
        Assert.Null(result.Error);
        Assert.Equal(groups, result.Groups.Count);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("[", "")]
    [InlineData("{}", "an object where a list of groups is wanted")]
    [InlineData("[null]", "nil target group item found")]
    [InlineData("[{\"targets\":[\"a\"]},null]", "nil target group item found")]
    [InlineData("[[]]", "a list where a group is wanted")]
    [InlineData("[{\"target\":[\"a\"]}]", "unknown field \"target\"")]
    [InlineData("[{\"targets\":\"a\"}]", "a string where the list of targets is wanted")]
    [InlineData("[{\"targets\":[1]}]", "a number where a target is wanted")]
    [InlineData("[{\"labels\":{\"a\":1}}]", "a number where the value of label \"a\" is wanted")]
    [InlineData("[{\"labels\":{\"\":\"b\"}}]", "not a valid label name")]
    [InlineData("[{\"labels\":[]}]", "a list where labels are wanted")]
    [InlineData("[] []", "")]
    [InlineData("[],", "")]
    [InlineData("[{\"targets\":[\"\\ud800\"]}]", "not valid UTF-8")]
    [InlineData("// c\n[]", "")]
    public void What_the_peer_refuses_is_refused(string text, string error)
    {
        var result = Parse(text);
        Assert.NotNull(result.Error);
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Groups);
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_refused() =>
        Assert.NotNull(FileSdJson.Parse((byte[])[(byte)'[', (byte)'"', 0xFF, (byte)'"', (byte)']'], "f.json").Error);

    [Fact]
    public void Deep_nesting_is_refused() => Assert.NotNull(Parse(new string('[', 100_000)).Error);

    [Fact]
    public void Any_damage_to_a_good_file_gives_groups_or_an_error_and_never_throws()
    {
        var good = Encoding.UTF8.GetBytes("""[{"targets":["a:1","b:2"],"labels":{"x":"yé"}},{"targets":["c:3"]}]""");
        Check.Sample(Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]), (at, value, length) =>
        {
            var damaged = good[..length];
            if (at < length)
                damaged[at] = value;
            var result = FileSdJson.Parse(damaged, "f.json");
            Assert.True(result.Error is null || result.Groups.Count == 0);
        });
    }

    [Fact]
    public void Groups_written_as_JSON_are_read_back()
    {
        var text = Gen.String[Gen.Char['\u0001', '\u04ff'], 1, 8];
        Check.Sample(Gen.Select(text.Array[0, 4], Gen.Select(text, text).Array[0, 3]), (targets, labels) =>
        {
            var map = labels.GroupBy(pair => pair.Item1).ToDictionary(same => same.Key, same => same.Last().Item2);
            var json = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new[] { new { targets, labels = map } });
            var group = Assert.Single(FileSdJson.Parse(json, "f.json").Groups);
            Assert.Equal(targets, group.Targets.Select(target => target.Get(LabelNames.Address)));
            Assert.Equal(LabelSet.From(map), group.Labels);
        });
    }
}
