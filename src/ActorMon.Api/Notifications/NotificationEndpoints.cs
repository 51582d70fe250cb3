using ActorMon.Api.Http;
using ActorMon.Api.Json;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Notifications;

/// <summary>/api/v1/notifications and /api/v1/notifications/live (server-sent events). Both answer before the node is ready.</summary>
public sealed class NotificationEndpoints(NodeNotifications notifications)
{
    public Task ListAsync(HttpContext context, string _)
    {
        var current = notifications.Current();
        return ApiResponse.SuccessAsync(
            context,
            json =>
            {
                json.Raw((byte)'[');
                for (var i = 0; i < current.Count; i++)
                {
                    if (i > 0)
                        json.Raw((byte)',');
                    Write(json, current[i]);
                }
                json.Raw((byte)']');
            },
            context.RequestAborted);
    }

    public async Task LiveAsync(HttpContext context, string _)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        using var subscription = notifications.Subscribe();
        if (subscription is null)
        {
            context.Response.StatusCode = 204;
            return;
        }
        var json = new JsonOut(context.Response.BodyWriter);
        // The headers go out at once: a browser's event source counts as open from then on.
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        await foreach (var notification in subscription.Reader.ReadAllAsync(context.RequestAborted))
        {
            json.Raw("data: "u8);
            Write(json, notification);
            json.Raw("\n\n"u8);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
    }

    private static void Write(JsonOut json, Notification notification) =>
        JsonObject.Begin(json).Field("text", notification.Text).Field("date", notification.Date).Field("active", notification.Active).End();
}
