using ActorMon.Discovery.Files;

namespace ActorMon.Discovery.Tests;

public sealed class FilePatternTests
{
    [Theory]
    [InlineData("*.json", "a.json", true)]
    [InlineData("*.json", ".json", true)]
    [InlineData("*.json", ".hidden.json", true)]
    [InlineData("*.json", "a.yml", false)]
    [InlineData("*.json", "a.json.new", false)]
    [InlineData("a*b*.yml", "axxbyyb.yml", true)]
    [InlineData("a*b*.yml", "axx.yml", false)]
    [InlineData("?.yml", "a.yml", true)]
    [InlineData("?.yml", "ab.yml", false)]
    [InlineData("plain.yml", "plain.yml", true)]
    [InlineData("plain.yml", "Plain.yml", false)]
    public void A_name_matches_its_pattern(string pattern, string name, bool matches) =>
        Assert.Equal(matches, new FilePattern("/dir/" + pattern).Matches(name));

    [Fact]
    public void Many_stars_do_not_make_matching_explode() =>
        Assert.False(new FilePattern("/d/" + string.Concat(Enumerable.Repeat("a*", 200)) + "b.json").Matches(new string('a', 4000)));

    [Fact]
    public void A_pattern_is_split_at_its_last_segment()
    {
        var pattern = new FilePattern("/etc/prometheus/*.json");
        Assert.Equal(("/etc/prometheus", "*.json", false), (pattern.Directory, pattern.Name, pattern.IsLiteral));
        Assert.Equal("/", new FilePattern("/a.json").Directory);
    }

    [Fact]
    public void A_relative_path_is_refused() => Assert.Throws<ArgumentException>(() => new FilePattern("targets/*.json"));
}
