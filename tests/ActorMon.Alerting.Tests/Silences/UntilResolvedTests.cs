using ActorMon.Alerting.Acknowledgements;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Shards;
using ActorMon.Alerting.Silences;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;

namespace ActorMon.Alerting.Tests.Silences;

public sealed class UntilResolvedTests
{
    private readonly SilenceBook _book = new(new SilenceLimits(), MatcherSyntax.Fallback);

    [Fact]
    public void A_silence_until_resolved_holds_what_fires_and_not_its_end()
    {
        var id = Store(Proposal());
        Assert.Equal([id], _book.Silencing(LabelSet.Of("a", "1"), Some.Now));
        Assert.Empty(_book.Silencing(LabelSet.Of("a", "1"), Some.Now, isResolved: true));
        Store(Proposal() with { Id = id, UntilResolved = false });
        Assert.Equal([id], _book.Silencing(LabelSet.Of("a", "1"), Some.Now, isResolved: true));
    }

    [Fact]
    public void That_it_has_matched_is_no_version_and_is_forgotten_with_other_matchers()
    {
        var id = Store(Proposal());
        _book.Apply(_book.Get(id)! with { HasMatched = true });
        Assert.True(Assert.Single(_book.Versions(id)).HasMatched);
        Store(Proposal() with { Id = id, EndsAt = Some.Now.AddHours(2) }, 1);
        Assert.True(_book.Get(id)!.HasMatched);
        _book.Apply(_book.DecideEdit(Proposal("2") with { Id = id }, Some.Now.AddMinutes(2)).Store[0]);
        Assert.False(_book.Get(id)!.HasMatched);
        Assert.Equal(["", "endsAt", "matchers endsAt"], SilenceVersion.Of(_book.Versions(id)).Select(v => string.Join(' ', v.Changed)));
    }

    [Fact]
    public void All_versions_make_the_same_book_with_its_trail()
    {
        var id = Store(Proposal());
        Store(Proposal() with { Id = id, Comment = "other" }, 1);
        Store(Proposal("2"), 2);
        var other = new SilenceBook(new SilenceLimits(), MatcherSyntax.Fallback);
        foreach (var silence in _book.AllVersions)
            other.Apply(silence);
        Assert.Equal(_book.Versions(id), other.Versions(id));
        Assert.Equal(2, other.Count);
    }

    [Fact]
    public void A_shard_knows_which_of_them_an_alert_that_fires_still_needs()
    {
        var shard = new AlertShard(0, 1, TimeSpan.FromHours(1));
        var (fires, ended) = (Some.Alert(Some.Now, "a", "1"), Some.Alert(Some.Now.AddHours(-2), "a", "2"));
        shard.Apply(new AlertsTaken(Some.Now, [fires, ended]));
        Silence[] silences = [_book.Get(Store(Proposal()))!, _book.Get(Store(Proposal("2")))!, _book.Get(Store(Proposal("3")))!];
        Assert.Equal([silences[0].Id], shard.Matching(silences, Some.Now));
        Acknowledgement[] acknowledged =
            [new(LabelSet.Of("a", "3"), "o", "", Some.Now), new(ended.Labels, "o", "", Some.Now), new(fires.Labels, "o", "", Some.Now), new(fires.Labels, "o", "", Some.Now.AddMinutes(-1))];
        Assert.Equal([2], shard.Firing(acknowledged, Some.Now));
    }

    [Theory]
    [InlineData(24, 62, false)]
    [InlineData(24, 60, true)]
    [InlineData(2, 31, false)]
    [InlineData(2, 30, true)]
    [InlineData(2, 0, false)]
    public void The_end_of_a_silence_is_soon_in_its_last_hour_or_quarter(int hours, int minutesLeft, bool isSoon)
    {
        var silence = _book.Get(Store(Proposal() with { UntilResolved = false, EndsAt = Some.Now.AddHours(hours) }))!;
        Assert.Equal(isSoon, SilenceEnds.IsSoon(silence, silence.EndsAt.AddMinutes(-minutesLeft)));
        Assert.False(SilenceEnds.IsSoon(silence with { UntilResolved = true }, silence.EndsAt.AddMinutes(-minutesLeft)));
    }

    private static SilenceProposal Proposal(string value = "1") => new()
    {
        MatcherSets = [[new ProposedMatcher("a", MatchOperator.Equal, value)]],
        StartsAt = Some.Now,
        EndsAt = Some.Now.AddHours(1),
        UntilResolved = true,
    };

    private string Store(SilenceProposal proposal, int minute = 0)
    {
        var decision = _book.DecideSet(proposal, Some.Now.AddMinutes(minute), Guid.NewGuid().ToString());
        foreach (var silence in decision.Store)
            _book.Apply(silence);
        return decision.Id;
    }
}
