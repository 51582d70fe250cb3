using ActorMon.Alerting.History;
using ActorMon.Alerting.Matchers;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Tests;

public sealed class HistoryTests
{
    private readonly EventHistory _history = new(5, TimeSpan.FromHours(1));

    [Fact]
    public void Old_events_and_those_beyond_the_number_are_forgotten()
    {
        for (var i = 0; i < 7; i++)
            _history.Add(Event(i));
        Assert.Equal((5, 2L), (_history.Count, _history.Displaced));
        Assert.Equal([2, 3, 4, 5, 6], Minutes(new HistoryQuery(MatcherSet.Empty, Some.Now, Some.Now.AddHours(1), [], 10)));
        _history.Collect(Some.Now.AddMinutes(65));
        Assert.Equal([5, 6], Minutes(new HistoryQuery(MatcherSet.Empty, Some.Now, Some.Now.AddHours(1), [], 10)));
        _history.Add(Event(67));
        Assert.Equal((1, 2L), (_history.Count, _history.Displaced));
    }

    [Fact]
    public void A_question_names_matchers_times_kinds_and_how_many_of_the_newest()
    {
        for (var i = 0; i < 5; i++)
            _history.Add(Event(i, i % 2 == 0 ? AlertEventKind.Sent : AlertEventKind.Failed, i < 3 ? "a" : "b"));
        Assert.Equal([0, 1, 2], Minutes(new HistoryQuery(Some.Matchers("alertname=a"), Some.Now, Some.Now.AddHours(1), [], 10)));
        Assert.Equal([1, 3], Minutes(new HistoryQuery(MatcherSet.Empty, Some.Now, Some.Now.AddHours(1), [AlertEventKind.Failed], 10)));
        Assert.Equal([1, 2, 3], Minutes(new HistoryQuery(MatcherSet.Empty, Some.Now.AddMinutes(1), Some.Now.AddMinutes(3), [], 10)));
        Assert.Equal([3, 4], Minutes(new HistoryQuery(MatcherSet.Empty, Some.Now, Some.Now.AddHours(1), [], 2)));
    }

    private static AlertEvent Event(int minute, AlertEventKind kind = AlertEventKind.Received, string name = "a") =>
        new(Some.Now.AddMinutes(minute), kind, LabelSet.Of("alertname", name));

    private IEnumerable<int> Minutes(HistoryQuery query) => _history.Find(query).Select(happened => (int)(happened.At - Some.Now).TotalMinutes);
}
