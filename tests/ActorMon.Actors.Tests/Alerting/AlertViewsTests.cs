using ActorMon.Actors.Alerting;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Silences;
using ActorMon.Protocol.Alerting;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Actors.Tests.Alerting;

public sealed class AlertViewsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero));
    private readonly AlertViews _views = new(() => new SilenceRegister(new SilenceLimits(), MatcherSyntax.Fallback));

    [Fact]
    public async Task Silences_are_waited_for_until_their_owner_has_told_of_them_even_when_there_is_none()
    {
        var known = _views.SeesAsync(_ => true, Patience, _time, default);
        Assert.False(known.IsCompleted);

        _views.Change(new SilenceChange([], []), isWhole: true);

        Assert.True(await known);
    }

    [Fact]
    public async Task A_change_is_waited_for_until_it_is_seen()
    {
        _views.Change(new SilenceChange([], []), isWhole: true);
        var seen = _views.SeesAsync(register => register.Silences.Get("b") is not null, Patience, _time, default);

        _views.Change(new SilenceChange([Silence("a")], []), isWhole: false);
        Assert.False(seen.IsCompleted);
        _views.Change(new SilenceChange([Silence("b")], []), isWhole: false);

        Assert.True(await seen);
    }

    [Fact]
    public async Task Whole_views_are_waited_for_and_no_change_of_silences_is_taken_for_them()
    {
        var whole = _views.WholeAsync(Patience, _time, default);
        _views.Change(new SilenceChange([], []), isWhole: true);
        Assert.False(whole.IsCompleted);

        _views.SetWhole(true);

        Assert.True(await whole);
        Assert.True(await _views.WholeAsync(Patience, _time, default));
    }

    [Fact]
    public async Task What_does_not_come_is_waited_for_no_longer_than_the_patience()
    {
        var seen = _views.SeesAsync(_ => true, Patience, _time, default);

        _time.Advance(Patience);

        Assert.False(await seen);
    }

    [Fact]
    public async Task Who_goes_away_waits_no_longer()
    {
        using var client = new CancellationTokenSource();
        var seen = _views.SeesAsync(_ => true, Patience, _time, client.Token);

        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => seen);
    }

    private Silence Silence(string id) => new()
    {
        Id = id,
        MatcherSets = [new MatcherSet(MatcherParser.ParseList("a=b").Matchers)],
        StartsAt = _time.GetUtcNow(),
        EndsAt = _time.GetUtcNow().AddHours(1),
        UpdatedAt = _time.GetUtcNow(),
        CreatedBy = "me",
        Comment = "why",
    };
}
