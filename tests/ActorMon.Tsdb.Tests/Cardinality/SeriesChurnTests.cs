using ActorMon.Tsdb.Cardinality;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Tsdb.Tests.Cardinality;

public sealed class SeriesChurnTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 10, 59, 0, TimeSpan.Zero));
    private readonly SeriesChurn _churn;

    public SeriesChurnTests() => _churn = new SeriesChurn(_time);

    [Fact]
    public void Series_are_counted_by_hour_and_job_the_newest_hour_first()
    {
        _churn.Created("a");
        _churn.Created("a");
        _churn.Ended("b", 3);
        _time.Advance(TimeSpan.FromHours(2));
        _churn.Dropped("a", 2);
        _churn.Ended("a", 0);

        var hours = _churn.List();

        Assert.Equal([12, 10], hours.Select(h => h.Start.Hour));
        Assert.Equal(new ChurnCounts(0, 0, 2), hours[0].Total);
        Assert.Equal(new ChurnCounts(2, 0, 0), hours[1].Jobs["a"]);
        Assert.Equal(new ChurnCounts(2, 3, 0), hours[1].Total);
    }

    [Fact]
    public void What_is_older_than_48_hours_is_forgotten()
    {
        for (var hour = 0; hour < 60; hour++)
        {
            _churn.Created("a");
            _time.Advance(TimeSpan.FromHours(1));
        }
        Assert.Equal(47, _churn.List().Count);

        _time.Advance(TimeSpan.FromDays(3));
        Assert.Empty(_churn.List());
    }

    [Fact]
    public void A_clock_that_is_set_back_goes_on_in_the_newest_hour()
    {
        _churn.Created("a");
        _time.AdjustTime(_time.GetUtcNow() - TimeSpan.FromHours(5));
        _churn.Created("a");

        Assert.Equal(2, Assert.Single(_churn.List()).Total.Created);
    }

    [Fact]
    public void Jobs_beyond_the_bound_are_counted_together()
    {
        for (var job = 0; job < 2100; job++)
            _churn.Created($"{job}");

        var hour = Assert.Single(_churn.List());
        Assert.Equal(2100, hour.Total.Created);
        Assert.Equal(100, hour.Jobs[""].Created);
    }
}
