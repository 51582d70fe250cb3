using ActorMon.Configuration.Yaml;

namespace ActorMon.Configuration.Tests.Yaml;

public class YamlValuesTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("text with: no", "map")]
    [InlineData("plain", "plain")]
    [InlineData("\"5\"", "5")]
    [InlineData("5", 5L)]
    [InlineData("1.5", 1.5)]
    [InlineData("yes", true)]
    [InlineData("~", null)]
    public void A_text_is_what_YAML_takes_it_for(string text, object? expected)
    {
        Assert.True(YamlValues.TryRead(text, out var value));
        if (expected is "map")
            Assert.Equal(new Dictionary<string, object?> { ["text with"] = false }, Assert.IsAssignableFrom<IDictionary<string, object?>>(value));
        else
            Assert.Equal(expected, value);
    }

    [Fact]
    public void JSON_is_YAML()
    {
        Assert.True(YamlValues.TryRead("[{\"a\": [1, \"2\", null]}]", out var value));
        var item = Assert.IsAssignableFrom<IDictionary<string, object?>>(Assert.Single(Assert.IsType<List<object?>>(value)));
        Assert.Equal(new List<object?> { 1L, "2", null }, item["a"]);
    }

    [Theory]
    [InlineData("{a: ")]
    [InlineData("a: b: c")]
    public void What_is_no_YAML_is_told_apart(string text) => Assert.False(YamlValues.TryRead(text, out _));
}
