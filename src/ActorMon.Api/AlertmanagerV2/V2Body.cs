using System.Buffers;
using System.Globalization;
using ActorMon.Api.Http;
using ActorMon.Model.Text;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.AlertmanagerV2;

/// <summary>Reads JSON bodies up to a limit.</summary>
internal static class V2Body
{
    private const int FirstBytes = 16 * 1024;

    public delegate (T? Value, V2Fault? Fault) Parser<T>(ReadOnlySpan<byte> body)
        where T : class;

    /// <summary>The body read, or null when the request has been refused: 415 for another type, 413 for one that is too long, else what the parser says.</summary>
    /// <param name="limit">In bytes.</param>
    public static async Task<T?> ReadAsync<T>(HttpContext context, string what, Parser<T> parse, int limit)
        where T : class
    {
        if (Unsupported(context.Request.ContentType) is { } type)
            return await RefuseAsync<T>(context, new V2Fault(415, 415, $"unsupported media type {GoQuote.Quote(type)}, only [application/json] are allowed"));
        var body = new ArrayBufferWriter<byte>(FirstBytes);
        if (!await LimitedBody.TryReadAsync(context.Request, limit, body, context.RequestAborted))
            return await RefuseAsync<T>(context, new V2Fault(413, 413, string.Create(CultureInfo.InvariantCulture, $"the {what} body is longer than {limit} bytes")));
        var (value, fault) = parse(body.WrittenSpan);
        return fault is null ? value : await RefuseAsync<T>(context, fault);
    }

    /// <summary>The media type of the body when it is not JSON; a request that does not name one is taken for binary, as in the original.</summary>
    private static string? Unsupported(string? contentType)
    {
        var type = (contentType ?? "application/octet-stream").Split(';')[0].Trim();
        return type.Equals("application/json", StringComparison.OrdinalIgnoreCase) ? null : type;
    }

    private static async Task<T?> RefuseAsync<T>(HttpContext context, V2Fault fault)
        where T : class
    {
        await V2Answer.FaultAsync(context, fault);
        return null;
    }
}
