namespace ActorMon.Tool.Tests;

public sealed class AlertmanagerCommandsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("actormon-tool-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_good_file_is_praised_and_doubts_are_told()
    {
        var (code, output, _) = await ToolRun.RunAsync("", "check", "alertmanager-config", File("route: {receiver: a}\nreceivers: [{name: a}, {name: idle}]\n"));
        Assert.Equal(0, code);
        Assert.Contains("SUCCESS", output, StringComparison.Ordinal);
        Assert.Contains("receiver \"idle\" is used by no route", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_file_is_refused_with_line_and_key()
    {
        var path = File("route:\n  receiver: a\n  group_interval: 0s\nreceivers: [{name: a}]\n");
        var (code, _, errors) = await ToolRun.RunAsync("", "check", "alertmanager-config", path);
        Assert.Equal(1, code);
        Assert.Contains($"{path}:3: route.group_interval: group_interval cannot be zero", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alert_is_routed_and_the_tree_tells_why()
    {
        var path = File("route:\n  receiver: a\n  routes: [{receiver: b, matchers: [x=1]}, {receiver: c, matchers: [x=2]}]\nreceivers: [{name: a}, {name: b}, {name: c}]\n");
        Assert.Equal((0, "b\n", ""), await RouteAsync(path, "--verify.receivers=b", "x=1"));
        Assert.Equal(1, (await RouteAsync(path, "--verify.receivers=c", "x=1")).Code);
        var tree = (await RouteAsync(path, "--tree", "x=2")).Output;
        Assert.Contains("{x=\"1\"}: refused by x=\"1\"", tree, StringComparison.Ordinal);
        Assert.Contains("{x=\"2\"}: chosen, receiver c", tree, StringComparison.Ordinal);
    }

    private static Task<(int Code, string Output, string Errors)> RouteAsync(string path, params string[] more) =>
        ToolRun.RunAsync("", ["config", "routes", "test", "--config.file=" + path, .. more]);

    private string File(string text)
    {
        var path = Path.Combine(_folder, "alertmanager.yml");
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
