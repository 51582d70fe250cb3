using ActorMon.Api.Tests.Support;

namespace ActorMon.Api.Tests.AlertManagement;

public sealed class AcknowledgementTests
{
    private const string Prefix = "/api/v1/alertmanager";
    private readonly ApiWorld _world = new();

    [Fact]
    public async Task An_alert_is_acknowledged_shown_so_and_released()
    {
        await _world.PostJson("/api/v2/alerts", """[{"labels":{"alertname":"A"}}]""");
        Assert.Equal(204, (await Post("acknowledge", "A", "&owner=ann&comment=on+it")).Status);
        const string shown = """{"labels":{"alertname":"A"},"owner":"ann","comment":"on it","at":"2023-11-14T22:13:20Z"}""";
        Assert.Equal($"[{shown}]", (await _world.Get(Prefix + "/acknowledgements")).Data.GetProperty("acknowledgements").ToString());
        var explained = await _world.Get(Prefix + "/explain?labels=" + Uri.EscapeDataString("""{"alertname":"A"}"""));
        Assert.Equal(shown, explained.Data.GetProperty("acknowledged").ToString());
        Assert.Equal(204, (await Post("unacknowledge", "A", "")).Status);
        Assert.Equal("[]", (await _world.Get(Prefix + "/acknowledgements")).Data.GetProperty("acknowledgements").ToString());
        Assert.Equal("400 bad_data: nobody looks after this alert", (await Post("unacknowledge", "A", "")).Failure);
    }

    [Theory]
    [InlineData("B", "&owner=ann", "400 bad_data: no alert of these labels is known")]
    [InlineData("A", "&owner=ann&until=1", "400 bad_data: an acknowledgement can't end in the past")]
    [InlineData("A", "&owner=ann&until=soon", "400 bad_data: invalid parameter \"until\": cannot parse \"soon\" to a valid timestamp")]
    [InlineData("A", "", "400 bad_data: an acknowledgement needs an owner")]
    public async Task What_cannot_be_acknowledged_is_refused(string name, string more, string expected)
    {
        await _world.PostJson("/api/v2/alerts", """[{"labels":{"alertname":"A"}}]""");
        Assert.Equal(expected, (await Post("acknowledge", name, more)).Failure);
    }

    [Fact]
    public async Task An_acknowledgement_may_have_an_end_of_its_own()
    {
        await _world.PostJson("/api/v2/alerts", """[{"labels":{"alertname":"A"}}]""");
        Assert.Equal(204, (await Post("acknowledge", "A", "&owner=ann&until=2023-11-15T00:00:00Z")).Status);
        Assert.Equal("2023-11-15T00:00:00Z", (await _world.Get(Prefix + "/acknowledgements")).Data.GetProperty("acknowledgements")[0].GetProperty("until").GetString());
    }

    [Fact]
    public async Task Labels_have_to_be_given() =>
        Assert.Equal("400 bad_data: no labels parameter provided", (await _world.PostForm(Prefix + "/acknowledge", "owner=ann")).Failure);

    private Task<ApiReply> Post(string path, string name, string more) =>
        _world.PostForm($"{Prefix}/{path}", $"labels={Uri.EscapeDataString($$"""{"alertname":"{{name}}"}""")}{more}");
}
