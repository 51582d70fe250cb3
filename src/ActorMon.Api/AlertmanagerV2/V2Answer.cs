using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.AlertmanagerV2;

/// <summary>Writes answers of the Alertmanager's API: plain values, a JSON string for most errors, {code, message} for refused requests.</summary>
internal static class V2Answer
{
    /// <summary>Header that tells of what the answer lacks, once for each thing.</summary>
    public const string WarningHeader = "X-ActorMon-Warning";

    private const int FlushBytes = 128 * 1024;

    public static async Task JsonAsync(HttpContext context, Action<JsonOut> value, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        var json = new JsonOut(context.Response.BodyWriter);
        value(json);
        json.Raw((byte)'\n');
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>A list, sent while it is written: a hundred thousand alerts are not held in memory as text.</summary>
    public static async Task ListAsync<T>(HttpContext context, IReadOnlyList<T> items, Action<JsonOut, T> write)
    {
        context.Response.StatusCode = 200;
        context.Response.ContentType = "application/json";
        var writer = context.Response.BodyWriter;
        var json = new JsonOut(writer);
        var flushed = 0L;
        json.Raw((byte)'[');
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                json.Raw((byte)',');
            write(json, items[i]);
            if (json.Written - flushed < FlushBytes)
                continue;
            flushed = json.Written;
            await writer.FlushAsync(context.RequestAborted);
        }
        json.Raw("]\n"u8);
        await writer.FlushAsync(context.RequestAborted);
    }

    /// <summary>The text as a JSON string.</summary>
    public static Task TextAsync(HttpContext context, int status, string text) => JsonAsync(context, json => json.String(text), status);

    public static Task FaultAsync(HttpContext context, V2Fault fault) =>
        JsonAsync(context, json => JsonObject.Begin(json).Field("code", fault.Code).Field("message", fault.Message).End(), fault.Status);

    /// <summary>Tells of what is missing, or refuses the answer because of it. True: go on.</summary>
    public static async Task<bool> AdmitsAsync(HttpContext context, IReadOnlyList<string> warnings, ApiSettings settings)
    {
        if (warnings.Count == 0)
            return true;
        if (Denies(context, settings))
        {
            await TextAsync(context, 500, string.Join("; ", warnings));
            return false;
        }
        foreach (var warning in warnings.Take(ApiResponse.MaxAnnotations))
            context.Response.Headers.Append(WarningHeader, HeaderText(warning));
        return true;
    }

    private static bool Denies(HttpContext context, ApiSettings settings) => context.Request.Query["partial_response"].ToString() switch
    {
        "deny" => true,
        "warn" => false,
        _ => settings.DenyPartial,
    };

    private static string HeaderText(string text) => string.Concat(text.Select(c => c is < ' ' or > '~' ? ' ' : c));
}
