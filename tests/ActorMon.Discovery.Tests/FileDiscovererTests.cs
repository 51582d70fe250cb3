using ActorMon.Discovery.Files;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Discovery.Tests;

public sealed class FileDiscovererTests
{
    private readonly MemoryFiles _files = new();
    private readonly FakeTimeProvider _clock = new();

    private RunningDiscoverer Run(params string[] patterns) => new(new FileDiscoverer(
        new FileSdConfig(patterns, TimeSpan.FromMinutes(5)),
        new DiscoveryContext { Yaml = Yaml, Time = _clock, Files = _files, Watch = _files }));

    /// <summary>Stands for the YAML reader of another room: here the file holds JSON after its first line.</summary>
    private static FileSdParseResult Yaml(ReadOnlyMemory<byte> text, string fileName) => text.Span.StartsWith("yaml\n"u8)
        ? FileSdJson.Parse(text[5..], fileName)
        : FileSdParseResult.Failed($"{fileName} is no YAML");

    private static string Group(string target, string label = "l") => $$$"""{"targets":["{{{target}}}"],"labels":{"label":"{{{label}}}"}}""";

    private static string Line(string path, int index, string target, string label = "l") =>
        $"{path}:{index} {{__meta_filepath=\"{path}\", label=\"{label}\"}} {{__address__=\"{target}\"}}";

    private async Task<List<string>> AfterChangeAsync(RunningDiscoverer running)
    {
        _files.Changed();
        _clock.Advance(FileDiscoverer.Settle);
        return await running.GroupsAsync();
    }

    [Fact]
    public async Task All_matching_files_are_read_at_the_start()
    {
        _files.Write("/d/b.yml", $"yaml\n[{Group("b:1")}]");
        _files.Write("/d/a.json", $"[{Group("a:1")},{Group("a:2", "m")}]");
        _files.Write("/d/c.txt", "not asked for");
        await using var running = Run("/d/*.json", "/d/*.yml", "/d/a.json");
        Assert.Equal(
            [Line("/d/a.json", 0, "a:1"), Line("/d/a.json", 1, "a:2", "m"), Line("/d/b.yml", 0, "b:1")], await running.GroupsAsync());
    }

    [Fact]
    public async Task The_first_answer_is_told_even_when_it_is_empty()
    {
        await using var running = Run("/nowhere/*.json");
        var (events, scan) = await running.ScanAsync();
        Assert.Empty(Assert.IsType<GroupsDiscovered>(Assert.Single(events)).Groups);
        Assert.Empty(scan.Modified);
    }

    [Fact]
    public async Task A_change_is_told_after_it_has_settled_and_only_what_changed()
    {
        _files.Write("/d/a.json", $"[{Group("a:1")},{Group("a:2")}]");
        await using var running = Run("/d/*.json");
        await running.GroupsAsync();
        _files.Write("/d/a.json", $"[{Group("a:1")},{Group("a:3")}]");
        for (var i = 0; i < 10; i++)
            _files.Changed();
        _clock.Advance(FileDiscoverer.Settle - TimeSpan.FromMilliseconds(1));
        Assert.True(running.IsQuiet);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([Line("/d/a.json", 1, "a:3")], await running.GroupsAsync());
    }

    [Fact]
    public async Task A_change_that_no_watch_saw_is_found_by_the_refresh()
    {
        _files.Unwatchable["/d"] = true;
        await using var running = Run("/d/*.json");
        var (events, _) = await running.ScanAsync();
        Assert.Equal(new DiscoveryFailed(DiscoveryFailure.FileWatch, "/d", "/d: cannot watch"), events[0]);
        _files.Write("/d/a.json", $"[{Group("a:1")}]");
        _files.Unwatchable.Clear();
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal([Line("/d/a.json", 0, "a:1")], await running.GroupsAsync());
        Assert.Equal(["/d"], _files.Watched);
    }

    [Fact]
    public async Task Nothing_is_told_again_when_nothing_changed()
    {
        _files.Write("/d/a.json", $"[{Group("a:1")}]");
        await using var running = Run("/d/*.json");
        await running.GroupsAsync();
        var (events, _) = await RefreshAsync(running);
        Assert.Empty(events);
    }

    [Fact]
    public async Task A_vanished_file_and_vanished_groups_are_withdrawn()
    {
        _files.Write("/d/a.json", $"[{Group("a:1")}]");
        _files.Write("/d/b.json", $"[{Group("b:1")},{Group("b:2")}]");
        await using var running = Run("/d/*.json");
        await running.GroupsAsync();
        _files.Delete("/d/a.json");
        _files.Write("/d/b.json", $"[{Group("b:1")}]");
        Assert.Equal(["/d/b.json:1 {} ", "/d/a.json:0 {} "], await AfterChangeAsync(running));
        _files.Write("/d/a.json", $"[{Group("a:1")}]");
        Assert.Equal([Line("/d/a.json", 0, "a:1")], await AfterChangeAsync(running));
    }

    [Theory]
    [InlineData("[{")]
    [InlineData("[null]")]
    public async Task A_broken_file_keeps_its_groups_and_counts_an_error(string broken)
    {
        _files.Write("/d/a.json", $"[{Group("a:1")}]", DateTimeOffset.UnixEpoch);
        await using var running = Run("/d/*.json");
        await running.GroupsAsync();
        _files.Write("/d/a.json", broken, DateTimeOffset.UnixEpoch.AddDays(1));
        _files.Changed();
        _clock.Advance(FileDiscoverer.Settle);
        var (events, scan) = await running.ScanAsync();
        var failure = Assert.IsType<DiscoveryFailed>(Assert.Single(events));
        Assert.Equal((DiscoveryFailure.FileRead, "/d/a.json"), (failure.Kind, failure.Subject));
        Assert.Equal(DateTimeOffset.UnixEpoch, Assert.Single(scan.Modified).Value);

        _files.Write("/d/a.json", $"[{Group("a:2")}]");
        Assert.Equal([Line("/d/a.json", 0, "a:2")], await AfterChangeAsync(running));
    }

    [Fact]
    public async Task An_unreadable_file_and_an_unreadable_directory_keep_their_groups()
    {
        _files.Write("/d/a.json", $"[{Group("a:1")}]");
        _files.Write("/e/b.json", $"[{Group("b:1")}]");
        await using var running = Run("/d/a.json", "/e/*.json");
        await running.GroupsAsync();
        _files.Broken["/d/a.json"] = "permission denied";
        _files.Unlistable["/e"] = true;
        var (events, _) = await RefreshAsync(running);
        Assert.Equal(
            [new DiscoveryFailed(DiscoveryFailure.FileRead, "/d/a.json", "permission denied"),
                new DiscoveryFailed(DiscoveryFailure.FileRead, "/e", "/e: input/output error")],
            events);
    }

    [Fact]
    public async Task Each_reading_tells_when_the_files_were_modified()
    {
        var time = DateTimeOffset.UnixEpoch.AddDays(7);
        _files.Write("/d/a.json", "[]", time);
        await using var running = Run("/d/*.json");
        var (_, scan) = await running.ScanAsync();
        Assert.Equal(new Dictionary<string, DateTimeOffset> { ["/d/a.json"] = time }, scan.Modified);
        _files.Delete("/d/a.json");
        var (_, after) = await RefreshAsync(running);
        Assert.Empty(after.Modified);
    }

    [Fact]
    public async Task A_watch_that_loses_events_leads_to_a_reading_at_once_and_a_new_watch()
    {
        await using var running = Run("/d/*.json", "/e/x.json");
        await running.ScanAsync();
        Assert.Equal(["/d", "/e"], _files.Watched);
        _files.Write("/d/a.json", $"[{Group("a:1")}]");
        _files.Fail("queue overflow");
        var (events, _) = await running.ScanAsync();
        Assert.Contains(events, next => next is DiscoveryFailed { Kind: DiscoveryFailure.FileWatch } failed && failed.Message.EndsWith("queue overflow"));
        Assert.Contains(events, next => next is GroupsDiscovered { Groups.Count: 1 });
        Assert.Equal(["/d", "/e"], _files.Watched);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(36500)]
    public async Task Any_refresh_interval_can_be_timed(int days)
    {
        _files.Write("/d/a.json", $"[{Group("a:1")}]");
        var config = new FileSdConfig(["/d/*.json"], TimeSpan.FromDays(days));
        await using var running = new RunningDiscoverer(
            new FileDiscoverer(config, new DiscoveryContext { Yaml = Yaml, Time = _clock, Files = _files, Watch = _files }));
        Assert.Equal([Line("/d/a.json", 0, "a:1")], await running.GroupsAsync());
    }

    [Fact]
    public async Task Watches_end_with_the_discoverer()
    {
        var running = Run("/d/*.json");
        await running.ScanAsync();
        await running.DisposeAsync();
        Assert.Empty(_files.Watched);
    }

    private async Task<(List<DiscoveryEvent> Events, FilesScanned Scan)> RefreshAsync(RunningDiscoverer running)
    {
        _clock.Advance(TimeSpan.FromMinutes(5));
        return await running.ScanAsync();
    }
}
