using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Http;

/// <summary>Answers that lack what no node within reach holds, where the request would rather have an error or the format has no place for warnings.</summary>
public static class IncompleteReads
{
    /// <summary>The error, when data is missing and the request denies such answers.</summary>
    public static async Task<bool> RefusedAsync(HttpContext context, bool deny, IReadOnlyList<string> missing)
    {
        if (!deny || missing.Count == 0)
            return false;
        await ApiResponse.ErrorAsync(context, new ApiError(ApiErrorType.Unavailable, string.Join("; ", missing)), context.RequestAborted);
        return true;
    }
}
