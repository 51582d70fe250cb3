using System.Text;
using ActorMon.Api.Notifications;
using ActorMon.Api.Tests.Support;

namespace ActorMon.Api.Tests.Notifications;

public sealed class NotificationTests
{
    private readonly ApiWorld _world = new();

    [Fact]
    public async Task What_stands_now_is_listed_even_before_the_node_is_ready()
    {
        _world.Node.IsReady = false;
        Assert.Equal("[]", (await _world.Get("/api/v1/notifications")).Data.GetRawText());
        _world.Notifications.Add("one");
        _world.Notifications.Add("two");
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        _world.Notifications.Add("one");
        _world.Notifications.Remove("two");
        _world.Notifications.Remove("never there");
        Assert.Equal("""[{"text":"one","date":"2023-11-14T22:13:21Z","active":true}]""", (await _world.Get("/api/v1/notifications")).Data.GetRawText());
    }

    [Fact]
    public async Task A_live_subscriber_gets_what_stands_and_what_comes_until_the_node_stops()
    {
        _world.Notifications.Add("one");
        var live = _world.Get("/api/v1/notifications/live");
        _world.Notifications.Add("two");
        _world.Notifications.Remove("one");
        _world.Notifications.Close();
        var reply = await live;
        Assert.Equal((200, "text/event-stream", "no-cache"), (reply.Status, reply.ContentType, reply.Headers.CacheControl.ToString()));
        Assert.Equal(
            """
            data: {"text":"one","date":"2023-11-14T22:13:20Z","active":true}

            data: {"text":"two","date":"2023-11-14T22:13:20Z","active":true}

            data: {"text":"one","date":"2023-11-14T22:13:20Z","active":false}


            """.ReplaceLineEndings("\n"), reply.Text);
    }

    [Fact]
    public async Task A_subscriber_too_many_gets_nothing_and_a_slow_one_holds_nobody_up()
    {
        using var first = _world.Notifications.Subscribe();
        using var second = _world.Notifications.Subscribe();
        Assert.Equal(204, (await _world.Get("/api/v1/notifications/live")).Status);
        for (var i = 0; i < 100; i++)
            _world.Notifications.Add("again");
        second!.Dispose();
        using var third = _world.Notifications.Subscribe();
        Assert.NotNull(third);
        var metrics = Encoding.UTF8.GetString((await _world.Get("/metrics")).Body);
        Assert.Contains("prometheus_api_notification_active_subscribers 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("prometheus_api_notification_updates_sent_total 200\n", metrics, StringComparison.Ordinal);
        Assert.Contains("prometheus_api_notification_updates_dropped_total 180\n", metrics, StringComparison.Ordinal);
    }
}
