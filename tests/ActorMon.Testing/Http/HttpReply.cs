using System.Text;

namespace ActorMon.Testing.Http;

/// <summary>An answer to send; Content-Length is added.</summary>
public sealed record HttpReply(int Status, byte[] Body)
{
    public string Reason { get; init; } = "";
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
    public bool CloseAfter { get; init; }

    public static HttpReply Ok(string body = "", string contentType = "text/plain") =>
        new HttpReply(200, Encoding.UTF8.GetBytes(body)) { Reason = "OK" }.With("Content-Type", contentType);

    public static HttpReply Of(int status, string reason, string body = "") => new(status, Encoding.UTF8.GetBytes(body)) { Reason = reason };

    public static HttpReply Redirect(Uri location, int status = 302) => Redirect(location.OriginalString, status);

    public static HttpReply Redirect(string location, int status = 302) => Of(status, "Moved").With("Location", location);

    public HttpReply With(string name, string value) => this with { Headers = [.. Headers, new(name, value)] };
}
