using System.Text.Json;
using ActorMon.Scraping.Failures;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Scraping.Tests.Failures;

public sealed class ScrapeFailureLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("actormon-failures-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_failure_is_a_json_line_and_a_rotated_file_is_left_behind()
    {
        var path = Path.Combine(_folder, "failures.log");
        using var log = new ScrapeFailureLog(path, _time);
        log.Write("j", "http://h:1/metrics", "said \"no\"\n");
        File.Move(path, path + ".1");
        log.Reopen();
        log.Write("j", "http://h:2/metrics", "x");
        var line = JsonDocument.Parse(Assert.Single(File.ReadAllLines(path + ".1"))).RootElement;
        Assert.Equal("said \"no\"\n", line.GetProperty("msg").GetString());
        Assert.Equal("http://h:1/metrics", line.GetProperty("target").GetString());
        Assert.Equal("j", line.GetProperty("job_name").GetString());
        Assert.StartsWith("2026-01-02T03:04:05", line.GetProperty("time").GetString(), StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(path));
    }

    [Fact]
    public void A_file_that_cannot_be_written_loses_lines_only()
    {
        using var log = new ScrapeFailureLog(Path.Combine(_folder, "no", "such", "folder.log"), _time);
        log.Write("j", "t", "x");
        log.Write("j", "t", "x");
        Assert.Equal(2, log.LostLines);
    }
}
