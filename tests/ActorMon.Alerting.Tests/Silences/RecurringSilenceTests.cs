using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Silences.Recurring;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;

namespace ActorMon.Alerting.Tests.Silences;

public class RecurringSilenceTests
{
    private static readonly TimeSpan Lead = TimeSpan.FromDays(1);
    private static readonly SilenceLimits Limits = new();
    private readonly RecurringSilenceBook _recurring = new(Lead, Limits.Retention);
    private readonly SilenceBook _book = new(Limits, MatcherSyntax.Fallback);

    [Fact]
    public void Each_time_is_a_silence_of_its_own_that_is_there_before_it_begins()
    {
        Set(Proposal());
        Plan(Some.Now);
        var first = Assert.Single(_book.All);
        Assert.Equal((SilenceState.Pending, "night"), (first.StateAt(Some.Now), first.Comment));
        Assert.Equal("one", first.Annotations.Get(RecurringSilence.Annotation));
        Assert.NotEmpty(_book.Silencing(LabelSet.Of("a", "1"), At(22, 30)));
        Plan(At(22, 30));
        Assert.Equal(2, _book.Count);
        Plan(At(23, 30));
        Assert.Equal(2, _book.Count);
        Assert.Empty(_book.Silencing(LabelSet.Of("a", "1"), At(23, 30)));
    }

    [Fact]
    public void Planning_again_or_on_another_node_makes_the_same_silence()
    {
        Set(Proposal());
        var other = new SilenceBook(Limits, MatcherSyntax.Fallback);
        var (here, there) = (_recurring.Plan(_book, Some.Now), _recurring.Plan(other, Some.Now.AddSeconds(3)));
        Assert.Equal(here[0].Id, there[0].Id);
        Assert.True(Guid.TryParse(here[0].Id, out _));
        Plan(Some.Now);
        Assert.Empty(_recurring.Plan(_book, Some.Now));
    }

    [Fact]
    public void One_that_was_ended_by_hand_stays_ended_also_when_the_book_has_forgotten_it()
    {
        Set(Proposal() with { Duration = TimeSpan.FromDays(20), Rule = "FREQ=MONTHLY" });
        Plan(Some.Now);
        var id = Assert.Single(_book.All).Id;
        _book.Apply(_book.DecideExpire(id, Some.Now).Store[0]);
        Plan(At(22, 30));
        Assert.Equal(SilenceState.Expired, Assert.Single(_book.All).StateAt(At(22, 30)));
        var later = Some.Now + Limits.Retention;
        Assert.Equal([id], _book.Collect(later));
        _book.Remove(id);
        Plan(later);
        Assert.Empty(_book.All);
    }

    [Fact]
    public void One_that_was_missed_while_nobody_planned_begins_late()
    {
        Set(Proposal());
        Plan(At(22, 40));
        Assert.NotEmpty(_book.Silencing(LabelSet.Of("a", "1"), At(22, 41)));
    }

    [Fact]
    public void An_edit_changes_what_is_open_and_ends_what_is_no_longer_wanted()
    {
        Set(Proposal());
        Plan(At(22, 30));
        var running = _book.All.Single(s => s.StateAt(At(22, 31)) == SilenceState.Active);
        Set(Proposal() with { Id = "one", Comment = "other", Duration = TimeSpan.FromHours(3) }, At(22, 31));
        Plan(At(22, 31));
        Assert.Equal(("other", running.StartsAt.AddHours(3)), (_book.Get(running.Id)!.Comment, _book.Get(running.Id)!.EndsAt));
        Set(Proposal() with { Id = "one", Start = new DateTime(2024, 5, 6, 20, 0, 0), Duration = TimeSpan.FromMinutes(5) }, At(22, 32));
        Plan(At(22, 32));
        Assert.Equal(SilenceState.Expired, _book.Get(running.Id)!.StateAt(At(22, 32)));
        Assert.Single(_book.All, s => s.StateAt(At(22, 32)) == SilenceState.Pending);
        Assert.True(_recurring.Remove("one"));
        Plan(At(22, 33));
        Assert.All(_book.All, s => Assert.Equal(SilenceState.Expired, s.StateAt(At(22, 33))));
    }

    [Fact]
    public void Days_that_are_left_out_have_no_silence()
    {
        Set(Proposal() with { Except = [new DateOnly(2024, 5, 6)] });
        Plan(Some.Now);
        Assert.Equal(7, Assert.Single(_book.All).StartsAt.Day);
    }

    [Fact]
    public void The_next_time_is_listed_however_far_it_is()
    {
        Set(Proposal() with { Rule = "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24" });
        Plan(Some.Now);
        Assert.Equal(new DateTimeOffset(2024, 12, 24, 22, 0, 0, TimeSpan.Zero), Assert.Single(_book.All).StartsAt);
    }

    [Fact]
    public void An_occurrence_that_was_changed_by_hand_stays_so_until_the_recurring_one_changes()
    {
        Set(Proposal());
        Plan(Some.Now);
        var planned = Assert.Single(_book.All);
        _book.Apply(planned with { EndsAt = planned.EndsAt.AddHours(2), UpdatedAt = Some.Now.AddMinutes(1) });
        Plan(Some.Now.AddMinutes(2));
        Assert.Equal(planned.EndsAt.AddHours(2), Assert.Single(_book.All).EndsAt);
        Set(Proposal() with { Id = "one", Comment = "other" }, Some.Now.AddMinutes(3));
        Plan(Some.Now.AddMinutes(3));
        Assert.Equal((planned.EndsAt, "other"), (Assert.Single(_book.All).EndsAt, Assert.Single(_book.All).Comment));
    }

    [Fact]
    public void A_posted_silence_with_a_recurrence_starts_on_the_clock_of_its_zone()
    {
        var posted = new SilenceProposal { MatcherSets = Proposal().MatcherSets, StartsAt = Some.Now, EndsAt = Some.Now.AddHours(3), CreatedBy = "me", Comment = "why" };
        var (proposal, error) = RecurringProposal.Of(posted, new ProposedRecurrence("FREQ=DAILY", "Europe/Berlin", []), "");
        Assert.Null(error);
        Assert.Equal((new DateTime(2024, 5, 6, 9, 8, 9), TimeSpan.FromHours(3), "me", "why"), (proposal!.Start, proposal.Duration, proposal.CreatedBy, proposal.Comment));
        Assert.Equal("unknown time zone Moon", RecurringProposal.Of(posted, new ProposedRecurrence("FREQ=DAILY", "Moon", []), "").Error);
        Assert.Equal("a silence that recurs does not end with its alerts", RecurringProposal.Of(posted with { UntilResolved = true }, new ProposedRecurrence("FREQ=DAILY", "", []), "").Error);
    }

    [Fact]
    public void Silences_that_are_no_occurrence_are_left_alone()
    {
        _book.Apply(new Silence { Id = "x", MatcherSets = [Some.Matchers("a=\"1\"")], StartsAt = Some.Now, EndsAt = Some.Now.AddHours(1), UpdatedAt = Some.Now });
        _book.Apply(_book.All.First() with { Id = "11111111-1111-4111-8111-111111111111", Annotations = LabelSet.Of(RecurringSilence.Annotation, "one") });
        Assert.Empty(_recurring.Plan(_book, Some.Now));
    }

    [Fact]
    public void A_proposal_that_cannot_be_is_refused_with_the_reason()
    {
        Assert.Equal("invalid recurring silence: invalid rule: FREQ is missing", Refused(Proposal() with { Rule = "" }));
        Assert.Equal("invalid recurring silence: unknown time zone Mars/Olympus", Refused(Proposal() with { TimeZone = "Mars/Olympus" }));
        Assert.Equal("invalid recurring silence: duration 32.00:00:00 is out of range: more than 0, at most 31 days", Refused(Proposal() with { Duration = TimeSpan.FromDays(32) }));
        Assert.Equal("invalid recurring silence: start year 9999 is out of range: 1970 to 2999", Refused(Proposal() with { Start = new DateTime(9999, 12, 31) }));
        Assert.Equal("invalid recurring silence: at least one matcher set required", Refused(Proposal() with { MatcherSets = [] }));
        Assert.Equal(
            "invalid recurring silence: rule FREQ=DAILY;UNTIL=20240101 has no occurrence after 2024-05-06T07:08:09Z", Refused(Proposal() with { Rule = "FREQ=DAILY;UNTIL=20240101" }));
        Assert.Equal(
            "invalid recurring silence: rule FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30 has no occurrence after 2024-05-06T07:08:09Z",
            Refused(Proposal() with { Rule = "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30" }));
        Assert.Equal("recurring silence not found", Refused(Proposal() with { Id = "x" }));
        for (var i = 0; i < RecurringSilenceBook.MaxCount; i++)
            Assert.True(_recurring.Apply(_recurring.Decide(Proposal(), MatcherSyntax.Fallback, Some.Now, $"{i}").Store!));
        Assert.Equal("exceeded maximum number of recurring silences: 1000 (limit: 1000)", Refused(Proposal()));
    }

    private static DateTimeOffset At(int hour, int minute) => new(2024, 5, 6, hour, minute, 0, TimeSpan.Zero);

    private static RecurringProposal Proposal() => new()
    {
        MatcherSets = [[new ProposedMatcher("a", MatchOperator.Equal, "1")]],
        Rule = "FREQ=DAILY",
        Start = new DateTime(2024, 5, 6, 22, 0, 0),
        Duration = TimeSpan.FromHours(1),
        Comment = "night",
    };

    private string Refused(RecurringProposal proposal) => _recurring.Decide(proposal, MatcherSyntax.Fallback, Some.Now, "id").Error;

    private void Set(RecurringProposal proposal, DateTimeOffset? now = null) =>
        Assert.True(_recurring.Apply(_recurring.Decide(proposal, MatcherSyntax.Fallback, now ?? Some.Now, "one").Store!));

    private void Plan(DateTimeOffset now)
    {
        foreach (var silence in _recurring.Plan(_book, now))
            Assert.True(_book.Apply(silence));
    }
}
