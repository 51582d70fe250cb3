using ActorMon.Api.Ports;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;

namespace ActorMon.Api.Tests.Support;

/// <summary>Answers that a test sets, and an admission that takes as many series as a test wants.</summary>
internal sealed class FakeCardinality : ICardinalityPort, ISeriesAdmission
{
    private readonly HashSet<ulong> _taken = [];

    public int Room { get; set; } = int.MaxValue;
    public int Taken => _taken.Count;
    public (IReadOnlyList<IReadOnlyList<Matcher>> Sets, TimestampMs Min, TimestampMs Max, int Top) Asked { get; private set; }
    public string? AskedJob { get; private set; }

    public uint Generation => 0;

    public SeriesRefusal? Admit(LabelSet series, ulong hash)
    {
        Assert.Equal(StableHash.Of(series), hash);
        if (!_taken.Contains(hash) && _taken.Count >= Room)
            return new SeriesRefusal($"the node has {Room} active series", "actormon.limits.series", Room, Room);
        _taken.Add(hash);
        return null;
    }

    public void Withdraw(ReadOnlySpan<ulong> hashes)
    {
        foreach (var hash in hashes)
            _taken.Remove(hash);
    }

    public ValueTask<Partial<CardinalityReport>> ReportAsync(
        IReadOnlyList<IReadOnlyList<Matcher>> sets, TimestampMs min, TimestampMs max, int top, CancellationToken cancellation)
    {
        Asked = (sets, min, max, top);
        return Told(new CardinalityReport(9, [new("__name__", "up", 4), new("__name__", "down", 1)], [new("job", 2, 9, 18)], [new("job", "a\"b", 5)]));
    }

    public ValueTask<Partial<IReadOnlyList<JobRow>>> JobsAsync(int top, CancellationToken cancellation) =>
        Told<IReadOnlyList<JobRow>>([.. new JobRow[] { new("a", 7, 2, 1.5), new("pushed", 2, 1, null) }.Take(top)]);

    public ValueTask<Partial<IReadOnlyList<TargetRow>>> TargetsAsync(string? job, int top, CancellationToken cancellation)
    {
        AskedJob = job;
        return Told<IReadOnlyList<TargetRow>>([new("a", "h:1", 4, 0.75)]);
    }

    public ValueTask<Partial<IReadOnlyList<ChurnHourRow>>> ChurnAsync(string? job, CancellationToken cancellation)
    {
        AskedJob = job;
        return Told<IReadOnlyList<ChurnHourRow>>([new(DateTimeOffset.UnixEpoch.AddHours(1), [new("a", 3, 2, 1), new("b", 1, 0, 0)])]);
    }

    public ValueTask<Partial<SeriesLimitsReport>> LimitsAsync(CancellationToken cancellation) => Told(new SeriesLimitsReport(
        [new("node", "actormon.limits.series", 10, 1, 10, 4), new("job", "actormon.limits.series-per-job", 0, 2, 7, 0)],
        [
            new("node", LabelSet.Empty, "actormon.limits.series", 10, 10, 4, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(1), [LabelSet.Of("__name__", "x")]),
            new("target", LabelSet.Of("job", "a", "instance", "h:1"), "actormon.limits.series-per-target", 5, 3, 2, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, []),
        ]));

    /// <summary>What other nodes did not tell.</summary>
    public IReadOnlyList<string> Missing { get; set; } = [];

    private ValueTask<Partial<T>> Told<T>(T value) => ValueTask.FromResult(new Partial<T>(value, Missing));
}
