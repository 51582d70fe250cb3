using ActorMon.Actors.Alerting;
using ActorMon.Alerting.History;
using ActorMon.Alerting.Matchers;
using ActorMon.Model.Labels;
using ActorMon.Testing.IO;

namespace ActorMon.Actors.Tests.Alerting;

public sealed class AlertTrailTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_is_there_after_a_restart_with_all_that_it_said()
    {
        var trail = New(100);
        var happened = new AlertEvent(Now.AddTicks(7), AlertEventKind.Failed, LabelSet.From([new("alertname", "A"), new("ünï", "\"\n")]))
        {
            Group = "{}:{a=\"b\"}",
            Receiver = "team",
            Integration = "webhook[0]",
            By = ["x", "y"],
            Detail = "503",
        };
        trail.Add(happened);
        Assert.Null(trail.Write(Now));
        trail.Add(happened with { Kind = AlertEventKind.Sent });
        Assert.Null(trail.Write(Now));
        var found = All(New(100));
        Assert.Equal([AlertEventKind.Failed, AlertEventKind.Sent], found.Select(e => e.Kind));
        var read = found[0];
        Assert.Equal((happened.At, happened.Labels, happened.Group, happened.Receiver), (read.At, read.Labels, read.Group, read.Receiver));
        Assert.Equal((happened.Integration, happened.Detail, "here"), (read.Integration, read.Detail, read.Node));
        Assert.Equal(happened.By, read.By);
    }

    [Fact]
    public void Memory_and_files_keep_the_latest_up_to_the_number()
    {
        var trail = New(100);
        for (var i = 0; i < 1000; i++)
        {
            trail.Add(Event(i));
            Assert.Null(trail.Write(Now.AddSeconds(i)));
        }
        Assert.Equal(Enumerable.Range(900, 100), Seconds(All(New(100))));
        Assert.InRange(Files.Length, 4, 6);
        // A burst is written as far as it is kept.
        for (var i = 1000; i < 5000; i++)
            trail.Add(Event(i));
        trail.Write(Now.AddSeconds(5000));
        Assert.Equal(Enumerable.Range(4900, 100), Seconds(All(New(1000))).TakeLast(100));
        Assert.DoesNotContain(2000, Seconds(All(New(1000))));
    }

    [Fact]
    public void What_is_too_old_goes_from_memory_and_disk()
    {
        var trail = New(100);
        for (var i = 0; i < 25; i++)
            trail.Add(Event(i));
        trail.Write(Now);
        trail.Add(Event(0) with { At = Now + 2 * Day });
        trail.Write(Now + 2 * Day);
        Assert.Single(All(trail));
        Assert.Single(Files);
        Assert.Single(All(New(100)));
    }

    [Fact]
    public void Whatever_is_damaged_what_is_before_it_and_in_other_files_is_read()
    {
        for (var run = 0; run < 3; run++)
        {
            var trail = New(100);
            for (var i = 0; i < 3; i++)
            {
                trail.Add(Event(10 * run + i));
                trail.Write(Now);
            }
        }
        var middle = Files[1];
        var whole = File.ReadAllBytes(middle);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(middle, whole[..length]);
            var seconds = Seconds(All(New(100)));
            Assert.Equal([0, 1, 2], seconds.Take(3));
            Assert.Equal([20, 21, 22], seconds.TakeLast(3));
            Assert.Equal(3 * length / whole.Length, seconds.Length - 6);
        }
        whole[^1] ^= 1;
        File.WriteAllBytes(middle, whole);
        Assert.Equal([0, 1, 2, 10, 11, 20, 21, 22], Seconds(All(New(100))));
    }

    [Fact]
    public void What_cannot_be_written_is_said_and_written_later()
    {
        var trail = New(100);
        File.WriteAllText(Path.Combine(_folder.Path, "history"), "no folder");
        trail.Add(Event(1));
        Assert.NotNull(trail.Write(Now));
        File.Delete(Path.Combine(_folder.Path, "history"));
        Assert.Null(trail.Write(Now));
        Assert.Equal([1], Seconds(All(New(100))));
    }

    private string[] Files => [.. Directory.GetFiles(Path.Combine(_folder.Path, "history")).Order(StringComparer.Ordinal)];

    private AlertTrail New(int capacity) => new(capacity, Day, "here", new AlertHistoryFiles(Path.Combine(_folder.Path, "history"), capacity, Day));

    private static AlertEvent Event(int second) => new(Now.AddSeconds(second), AlertEventKind.Received, LabelSet.Of("alertname", "A"));

    private static IReadOnlyList<AlertEvent> All(AlertTrail trail) => trail.Find(new HistoryQuery(MatcherSet.Empty, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, [], int.MaxValue));

    private static int[] Seconds(IReadOnlyList<AlertEvent> events) => [.. events.Select(e => (int)(e.At - Now).TotalSeconds)];
}
