using System.IO.Pipelines;
using ActorMon.Api.Json;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Http;

/// <summary>Writes the envelope of the Prometheus API: {status, data} or {status, errorType, error}, with warnings and infos.</summary>
public static class ApiResponse
{
    /// <summary>At most so many warnings and so many infos are sent; a last line tells how many were left out.</summary>
    public const int MaxAnnotations = 10;

    private const int FlushBytes = 128 * 1024;

    public static async Task ErrorAsync(HttpContext context, ApiError error, CancellationToken cancellation)
    {
        context.Response.StatusCode = error.StatusCode;
        context.Response.ContentType = "application/json";
        var json = new JsonOut(context.Response.BodyWriter);
        json.Raw("{\"status\":\"error\",\"errorType\":"u8);
        json.String(error.Name);
        json.Raw(",\"error\":"u8);
        json.String(error.Message);
        json.Raw((byte)'}');
        await context.Response.BodyWriter.FlushAsync(cancellation);
    }

    public static Task BadDataAsync(HttpContext context, string message, CancellationToken cancellation) =>
        ErrorAsync(context, new ApiError(ApiErrorType.BadData, message), cancellation);

    /// <summary>Writes a success whose data is small enough to be written in one go.</summary>
    public static async Task SuccessAsync(HttpContext context, Action<JsonOut> data, CancellationToken cancellation, IReadOnlyList<string>? warnings = null, IReadOnlyList<string>? infos = null)
    {
        var json = Begin(context);
        data(json);
        End(json, warnings, infos);
        await context.Response.BodyWriter.FlushAsync(cancellation);
    }

    /// <summary>Writes a success piece by piece, so that a large answer is not held in memory.</summary>
    public static async Task StreamAsync(
        HttpContext context, Func<JsonOut, Func<ValueTask>, Task> data, CancellationToken cancellation, IReadOnlyList<string>? warnings = null, IReadOnlyList<string>? infos = null)
    {
        var json = Begin(context);
        PipeWriter writer = context.Response.BodyWriter;
        long flushed = 0;
        await data(json, async () =>
        {
            if (json.Written - flushed < FlushBytes)
                return;
            flushed = json.Written;
            await writer.FlushAsync(cancellation);
        });
        End(json, warnings, infos);
        await writer.FlushAsync(cancellation);
    }

    private static JsonOut Begin(HttpContext context)
    {
        context.Response.StatusCode = 200;
        context.Response.ContentType = "application/json";
        var json = new JsonOut(context.Response.BodyWriter);
        json.Raw("{\"status\":\"success\",\"data\":"u8);
        return json;
    }

    private static void End(JsonOut json, IReadOnlyList<string>? warnings, IReadOnlyList<string>? infos)
    {
        Annotations(json, ",\"warnings\":["u8, warnings, "warning");
        Annotations(json, ",\"infos\":["u8, infos, "info");
        json.Raw((byte)'}');
    }

    private static void Annotations(JsonOut json, ReadOnlySpan<byte> head, IReadOnlyList<string>? texts, string kind)
    {
        if (texts is null || texts.Count == 0)
            return;
        json.Raw(head);
        for (var i = 0; i < Math.Min(texts.Count, MaxAnnotations); i++)
        {
            if (i > 0)
                json.Raw((byte)',');
            json.String(texts[i]);
        }
        if (texts.Count > MaxAnnotations)
        {
            json.Raw((byte)',');
            json.String($"{texts.Count - MaxAnnotations} more {kind} annotations omitted");
        }
        json.Raw((byte)']');
    }
}
