namespace ActorMon.Api.AlertmanagerV2;

/// <summary>Why a request is refused before it is looked at more closely: <c>{"code":602,"message":"..."}</c>. Codes and texts are those of the original's OpenAPI runtime.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Code">In the body.</param>
internal sealed record V2Fault(int Status, int Code, string Message)
{
    public static V2Fault Unread(string what, string why) => new(400, 400, $"parsing {what} body from \"\" failed, because {why}");

    public static V2Fault Required(string field) => new(422, 602, field + " in body is required");

    public static V2Fault BadType(string field, string where, string type, string value) => new(422, 601, $"{field} in {where} must be of type {type}: {Model.Text.GoQuote.Quote(value)}");
}
