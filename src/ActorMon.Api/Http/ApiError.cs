namespace ActorMon.Api.Http;

/// <summary>Error types of the Prometheus API and their HTTP status: the one table that maps failures to answers.</summary>
public enum ApiErrorType : byte
{
    BadData,
    Execution,
    Canceled,
    Timeout,
    Internal,
    Unavailable,
    NotFound,
    NotAcceptable,
}

public sealed record ApiError(ApiErrorType Type, string Message)
{
    public int StatusCode => Type switch
    {
        ApiErrorType.BadData => 400,
        ApiErrorType.Execution => 422,
        ApiErrorType.Canceled => 499,
        ApiErrorType.Timeout => 503,
        ApiErrorType.NotFound => 404,
        ApiErrorType.NotAcceptable => 406,
        _ => 500,
    };

    public string Name => Type switch
    {
        ApiErrorType.BadData => "bad_data",
        ApiErrorType.Execution => "execution",
        ApiErrorType.Canceled => "canceled",
        ApiErrorType.Timeout => "timeout",
        ApiErrorType.Unavailable => "unavailable",
        ApiErrorType.NotFound => "not_found",
        ApiErrorType.NotAcceptable => "not_acceptable",
        _ => "internal",
    };
}
