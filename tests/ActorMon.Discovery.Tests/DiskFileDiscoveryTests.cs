using ActorMon.Discovery.Files;
using ActorMon.Testing.IO;

namespace ActorMon.Discovery.Tests;

/// <summary>With the machine's files and notifications. The refresh interval is so long that only a notification can bring an event.</summary>
public sealed class DiskFileDiscoveryTests
{
    private static RunningDiscoverer Run(string pattern) => new(new FileDiscoverer(
        new FileSdConfig([pattern], TimeSpan.FromHours(1)),
        new DiscoveryContext { Yaml = (_, fileName) => FileSdParseResult.Failed($"no YAML in this test: {fileName}") }));

    private static string Text(string target) => $$"""[{"targets":["{{target}}"]}]""";

    /// <summary>Reads on until the targets are these: a writer's change may be seen in steps.</summary>
    private static async Task UntilAsync(RunningDiscoverer running, params string[] targets)
    {
        var merge = new Merge.DiscoveryMerge();
        while (true)
        {
            if (await running.NextAsync() is not GroupsDiscovered found)
                continue;
            merge.Apply(0, found.Groups);
            if (merge.Current.Groups.SelectMany(group => group.Targets).Select(target => target.Get("__address__")).SequenceEqual(targets))
                return;
        }
    }

    [Fact]
    public async Task A_file_replaced_by_renaming_is_seen()
    {
        using var folder = new TempFolder();
        folder.Write("t.json", Text("a:1"));
        await using var running = Run(folder.File("t.json"));
        await UntilAsync(running, "a:1");
        folder.Replace("t.json", Text("a:2"));
        await UntilAsync(running, "a:2");
    }

    [Fact]
    public async Task A_file_written_in_place_is_seen()
    {
        using var folder = new TempFolder();
        folder.Write("t.json", Text("a:1"));
        await using var running = Run(folder.File("*.json"));
        await UntilAsync(running, "a:1");
        folder.Write("t.json", Text("a:2"));
        await UntilAsync(running, "a:2");
    }

    [Fact]
    public async Task A_new_file_of_the_pattern_is_seen_and_a_deleted_one_is_withdrawn()
    {
        using var folder = new TempFolder();
        await using var running = Run(folder.File("*.json"));
        await UntilAsync(running);
        folder.Write("t.json", Text("a:1"));
        await UntilAsync(running, "a:1");
        File.Delete(folder.File("t.json"));
        var withdrawn = await running.GroupsAsync();
        while (withdrawn.Count == 0)
            withdrawn = await running.GroupsAsync();
        Assert.Equal([$"{folder.File("t.json")}:0 {{}} "], withdrawn);
    }

    [Fact]
    public void The_machine_s_files_are_read_up_to_a_limit()
    {
        using var folder = new TempFolder();
        var path = folder.Write("t.json", "12345");
        Assert.Equal("12345"u8.ToArray(), DiskFileTree.Instance.Read(path, 5).Text);
        Assert.Contains("longer than 4 bytes", Assert.Throws<IOException>(() => DiskFileTree.Instance.Read(path, 4)).Message);
    }

    [Fact]
    public void A_directory_that_does_not_exist_holds_no_files_and_cannot_be_watched()
    {
        using var folder = new TempFolder();
        Assert.Empty(DiskFileTree.Instance.List(folder.File("none")));
        Assert.ThrowsAny<IOException>(() => DiskDirectoryWatch.Instance.Start(folder.File("none"), () => { }, _ => { }));
    }
}
