using System.Text;
using ActorMon.Host.Web;
using ActorMon.Testing.IO;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Host.Tests.Web;

public sealed class WebGateTests : IDisposable
{
    // "secret" at the least cost there is.
    private static readonly string Hash = BCrypt.Net.BCrypt.HashPassword("secret", 4);

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_user_needs_the_right_password()
    {
        using var gate = Gate($"basic_auth_users:\n  ann: {Hash}\n");
        Assert.Equal((200, "through"), await AskAsync(gate, "ann:secret"));
        Assert.Equal((200, "through"), await AskAsync(gate, "ann:secret"));
        Assert.Equal((401, "Unauthorized\n"), await AskAsync(gate, "ann:wrong"));
        Assert.Equal((401, "Unauthorized\n"), await AskAsync(gate, "bob:secret"));
        Assert.Equal((401, "Unauthorized\n"), await AskAsync(gate, null));
        Assert.Equal((401, "Unauthorized\n"), await AskAsync(gate, "nocolon"));
    }

    [Fact]
    public async Task Without_users_everybody_passes_and_gets_the_headers()
    {
        using var gate = Gate("http_server_config:\n  headers:\n    X-Frame-Options: deny\n    Strict-Transport-Security: max-age=5\n");
        var context = new DefaultHttpContext();
        await gate.HandleAsync(context, _ => Task.CompletedTask);
        Assert.Equal(("deny", "max-age=5"), (context.Response.Headers.XFrameOptions.ToString(), context.Response.Headers.StrictTransportSecurity.ToString()));
    }

    [Fact]
    public async Task A_changed_file_holds_at_the_next_request_and_a_broken_one_lets_nobody_in()
    {
        using var gate = Gate("");
        Assert.Equal((200, "through"), await AskAsync(gate, null));
        Write($"basic_auth_users:\n  ann: {Hash}\n");
        Assert.Equal((401, "Unauthorized\n"), await AskAsync(gate, null));
        Assert.Equal((200, "through"), await AskAsync(gate, "ann:secret"));
        Write("basic_auth_users: [what is this]\n");
        Assert.Equal((500, "Internal Server Error\n"), await AskAsync(gate, "ann:secret"));
        File.Delete(_folder.File("web.yml"));
        Assert.Equal((500, "Internal Server Error\n"), await AskAsync(gate, "ann:secret"));
        Write("# open\n");
        Assert.Equal((200, "through"), await AskAsync(gate, null));
    }

    [Fact]
    public async Task Requests_over_the_rate_are_refused_until_time_has_passed()
    {
        using var gate = Gate("rate_limit:\n  interval: 1s\n  burst: 2\n");
        Assert.Equal(new[] { 200, 200, 429, 429 }, await StatusesAsync(gate, 4));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new[] { 200, 429 }, await StatusesAsync(gate, 2));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(new[] { 200, 200, 429 }, await StatusesAsync(gate, 3));
    }

    [Fact]
    public async Task A_hash_that_is_none_opens_for_nobody()
    {
        using var check = new PasswordCheck();
        var users = new Dictionary<string, string> { ["ann"] = "$2y$10$" + new string('!', 53), ["eve"] = Hash };
        Assert.False(await check.IsRightAsync(users, "ann", "", CancellationToken.None));
        Assert.True(await check.IsRightAsync(users, "eve", "secret", CancellationToken.None));
        // Many wrong guesses do not push a right answer out for good, nor make the memory grow.
        for (var i = 0; i < 150; i++)
            Assert.False(await check.IsRightAsync(users, "eve", $"guess {i}", CancellationToken.None));
        Assert.True(await check.IsRightAsync(users, "eve", "secret", CancellationToken.None));
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string text) => _folder.Replace("web.yml", text);

    private WebGate Gate(string text)
    {
        Write(text);
        var file = new WebConfigFile(_folder.File("web.yml"));
        return new WebGate(file, file.Current().Config!, _time, NullLogger<WebGate>.Instance);
    }

    private static async Task<int[]> StatusesAsync(WebGate gate, int count)
    {
        var statuses = new int[count];
        for (var i = 0; i < count; i++)
            statuses[i] = (await AskAsync(gate, null)).Status;
        return statuses;
    }

    private static async Task<(int Status, string Text)> AskAsync(WebGate gate, string? credentials)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Response.Body = body;
        if (credentials is not null)
            context.Request.Headers.Authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
        await gate.HandleAsync(context, c => c.Response.WriteAsync("through"));
        if (context.Response.StatusCode == 401)
            Assert.Equal("Basic", context.Response.Headers.WWWAuthenticate.ToString());
        return (context.Response.StatusCode, Encoding.UTF8.GetString(body.ToArray()));
    }
}
