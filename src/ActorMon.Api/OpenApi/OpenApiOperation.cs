namespace ActorMon.Api.OpenApi;

public enum OpenApiVersion : byte
{
    /// <summary>3.1.0.</summary>
    V31,

    /// <summary>3.2.0, which can describe streams.</summary>
    V32,
}

/// <summary>One operation of the description. GET operations name their parameters; POST forms of the same take them in a body.</summary>
/// <param name="Parameters">Names of <see cref="OpenApiParameters"/> separated by spaces; ! behind a name: required.</param>
/// <param name="Answer">Schema of the successful answer; "": 204 without a body; a media type (with a slash): a stream of that type.</param>
public sealed record OpenApiOperation(string Path, string Method, string Id, string Tag, string Summary, string Parameters, string Answer)
{
    /// <summary>Schema of the form, or "".</summary>
    public string Form { get; init; } = "";

    /// <summary>Schema of the JSON body, or "".</summary>
    public string Body { get; init; } = "";

    /// <summary>Only 3.2 can describe it.</summary>
    public bool Needs32 { get; init; }
}
