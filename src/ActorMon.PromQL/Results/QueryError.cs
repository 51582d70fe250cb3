namespace ActorMon.PromQL.Results;

public enum QueryErrorKind : byte
{
    /// <summary>The query makes no sense as asked (the API's bad_data).</summary>
    BadData,

    /// <summary>Evaluation found something it cannot answer.</summary>
    Execution,
    Canceled,
    Timeout,
}

/// <summary>Why a query gave no result. <paramref name="Text"/> is the peer's wording.</summary>
public sealed record QueryError(QueryErrorKind Kind, string Text);
