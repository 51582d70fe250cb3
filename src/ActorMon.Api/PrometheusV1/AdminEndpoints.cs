using System.Globalization;
using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Model.Matchers;
using ActorMon.Model.Names;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.PromQL.Parsing;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.PrometheusV1;

/// <summary>/api/v1/admin/tsdb/*: the original's delete_series, clean_tombstones and snapshot; deletions and undelete_series of our own. Off unless a flag allows them.</summary>
public sealed class AdminEndpoints(IStorageAdminPort? storage, ApiSettings settings)
{
    /// <summary>Header of delete_series' answer: what undelete_series takes.</summary>
    public const string IdHeader = "X-ActorMon-Deletion-Id";

    public Task DeleteAsync(HttpContext context, string _) => WithParameters(context, async (admin, reader) =>
    {
        // A selector or a time that was left out would widen what is deleted.
        reader.RequireSoundForm();
        var texts = reader.All("match[]");
        if (texts.Count == 0)
            reader.FailPlain("no match[] parameter provided");
        var (min, max) = (reader.Time("start", TimestampMs.Min), reader.Time("end", TimestampMs.Max));
        var selectors = new List<IReadOnlyList<Matcher>>(texts.Count);
        foreach (var text in texts)
        {
            var parsed = PromQLParser.ParseMatchers(text);
            if (parsed.Matchers is not { } matchers)
                reader.Fail("match[]", parsed.ErrorText!);
            // The original finds no series for {} and answers as if it had deleted them.
            else if (matchers.Count > 0)
                selectors.Add(matchers);
        }
        if (reader.Error is { } error)
        {
            await ApiResponse.BadDataAsync(context, error, context.RequestAborted);
            return;
        }
        var id = Guid.NewGuid();
        if (selectors.Count > 0)
            context.Response.Headers[IdHeader] = id.ToString();
        await DoneAsync(context, selectors.Count == 0 ? null : await admin.DeleteAsync(id, selectors, min, max, context.RequestAborted));
    });

    public Task CleanAsync(HttpContext context, string _) =>
        WithAdmin(context, async admin => await DoneAsync(context, await admin.CleanAsync(context.RequestAborted)));

    public Task SnapshotAsync(HttpContext context, string _) => WithParameters(context, async (admin, reader) =>
    {
        var text = reader.Text("skip_head");
        if (text.Length > 0 && GoBool.Parse(text) is null)
        {
            await ApiResponse.BadDataAsync(context, $"invalid parameter \"skip_head\": unable to parse boolean strconv.ParseBool: parsing {GoQuote.Quote(text)}: invalid syntax", context.RequestAborted);
            return;
        }
        var (name, error) = await admin.SnapshotAsync(GoBool.Parse(text) ?? false, context.RequestAborted);
        if (name is null)
        {
            await ApiResponse.ErrorAsync(context, new ApiError(ApiErrorType.Internal, "create snapshot: " + error), context.RequestAborted);
            return;
        }
        await ApiResponse.SuccessAsync(
            context,
            json => JsonObject.Begin(json).Field("name", name).End(),
            context.RequestAborted);
    });

    public Task DeletionsAsync(HttpContext context, string _) => WithAdmin(context, admin => ClusterAnswer.WriteAsync<IReadOnlyList<PendingDeletion>>(
        context, settings, _ => admin.DeletionsAsync,
        (pending, missing) => ApiResponse.SuccessAsync(context, json => JsonObject.Begin(json).List("deletions", pending, Deletion).End(), context.RequestAborted, missing)));

    public Task UndeleteAsync(HttpContext context, string _) => WithParameters(context, async (admin, reader) =>
    {
        var text = reader.Text("id");
        if (!Guid.TryParseExact(text, "D", out var id))
        {
            await ApiResponse.BadDataAsync(
                context, text.Length == 0 ? "no id parameter provided" : $"invalid parameter \"id\": {GoQuote.Quote(text)} is not the id of a deletion", context.RequestAborted);
            return;
        }
        var (found, error) = await admin.UndoAsync(id, context.RequestAborted);
        if (!found && error is null)
        {
            await ApiResponse.ErrorAsync(
                context, new ApiError(ApiErrorType.NotFound, $"no deletion {id} is pending: it is unknown, undone already or rewritten"), context.RequestAborted);
            return;
        }
        await DoneAsync(context, error);
    });

    /// <summary>As the original answers an empty success: 204.</summary>
    private static async Task DoneAsync(HttpContext context, string? error)
    {
        if (error is null)
            context.Response.StatusCode = 204;
        else
            await ApiResponse.ErrorAsync(context, new ApiError(ApiErrorType.Internal, error), context.RequestAborted);
    }

    private Task WithAdmin(HttpContext context, Func<IStorageAdminPort, Task> handle) => settings.EnableAdmin && storage is not null
        ? handle(storage)
        : ApiResponse.ErrorAsync(context, new ApiError(ApiErrorType.Unavailable, "admin APIs disabled"), context.RequestAborted);

    private Task WithParameters(HttpContext context, Func<IStorageAdminPort, ParameterReader, Task> handle) => WithAdmin(context, async admin =>
    {
        var (parameters, formError) = await ApiParameters.ReadAsync(context.Request, context.RequestAborted);
        if (parameters is null)
            await ApiResponse.BadDataAsync(context, formError!, context.RequestAborted);
        else
            await handle(admin, new ParameterReader(parameters, settings.Parser));
    });

    private static void Deletion(JsonOut json, PendingDeletion deletion) => JsonObject.Begin(json).Field("id", deletion.Id.ToString())
        .List("match", deletion.Selectors, static (json, selector) => json.String(Text(selector)))
        .Field("minTime", deletion.Min.Value).Field("maxTime", deletion.Max.Value).Field("created", deletion.Created).Field("partitions", deletion.Partitions).End();

    private static string Text(IReadOnlyList<Matcher> selector) => "{" + string.Join(",", selector.Select(m => string.Create(
        CultureInfo.InvariantCulture,
        $"{(NameValidator.IsValidLabelName(m.Name, NameValidation.Legacy) ? m.Name : GoQuote.Quote(m.Name))}{Matcher.Symbol(m.Operator)}{GoQuote.Quote(m.Value)}"))) + "}";
}
