using ActorMon.Api.Ports;
using ActorMon.Model.Reading;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Http;

/// <summary>Answers that several nodes give together: what one of them did not tell is a warning, or an error with <c>partial_response=deny</c>.</summary>
public static class ClusterAnswer
{
    /// <param name="prepare">Reads the parameters and returns the question; it is not asked when one of them is wrong.</param>
    /// <param name="write">Writes a value with its warnings.</param>
    public static async Task WriteAsync<T>(
        HttpContext context, ApiSettings settings, Func<ParameterReader, Func<CancellationToken, ValueTask<Partial<T>>>> prepare, Func<T, IReadOnlyList<string>, Task> write)
    {
        var (parameters, formError) = await ApiParameters.ReadAsync(context.Request, context.RequestAborted);
        if (parameters is null)
        {
            await ApiResponse.BadDataAsync(context, formError!, context.RequestAborted);
            return;
        }
        var reader = new ParameterReader(parameters, settings.Parser);
        var ask = prepare(reader);
        var deny = reader.DeniesPartial(settings.DenyPartial);
        if (reader.Error is { } error)
        {
            await ApiResponse.BadDataAsync(context, error, context.RequestAborted);
            return;
        }
        var (value, missing) = await ask(context.RequestAborted);
        if (!await IncompleteReads.RefusedAsync(context, deny, missing))
            await write(value, missing);
    }
}
