namespace ActorMon.PromQL.Results;

public enum QueryErrorKind : byte
{
    /// <summary>The query makes no sense as asked (the API's bad_data).</summary>
    BadData,

    /// <summary>Evaluation found something it cannot answer.</summary>
    Execution,
    Canceled,
    Timeout,

    /// <summary>Data is missing and the query does not want an answer without it.</summary>
    Unavailable,
}

/// <summary>Why a query gave no result. <paramref name="Text"/> is the peer's wording.</summary>
public sealed record QueryError(QueryErrorKind Kind, string Text)
{
    /// <summary>What helps to find the cause beyond the peer's wording; "" when there is nothing to add.</summary>
    public string Hint { get; init; } = "";

    /// <summary>The peer's wording, then the hint.</summary>
    public string TextWithHint => Hint.Length == 0 ? Text : $"{Text} ({Hint})";

    /// <summary>The peer's text, then the limit in force.</summary>
    public static QueryError TimedOut(TimeSpan limit) => new(
        QueryErrorKind.Timeout, $"query timed out in expression evaluation after {LimitText(limit)} (--query.timeout or the request's timeout)");

    /// <summary>A limit of time as it was set: Prometheus durations end at a millisecond, timeouts may be shorter.</summary>
    public static string LimitText(TimeSpan limit) => limit.Ticks % TimeSpan.TicksPerMillisecond == 0
        ? Model.Time.PrometheusDuration.Format(limit)
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{limit.TotalSeconds:0.#######}s");
}
