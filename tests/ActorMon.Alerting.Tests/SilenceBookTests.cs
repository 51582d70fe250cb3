using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Silences;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;

namespace ActorMon.Alerting.Tests;

public class SilenceBookTests
{
    [Fact]
    public void A_silence_is_changed_in_place_while_its_start_stays_and_replaced_otherwise()
    {
        var book = Book();
        Apply(book, book.DecideSet(Proposal("a", "1"), Some.Now, "one"));
        var later = Some.Now.AddMinutes(1);
        var longer = book.DecideSet(Proposal("a", "1") with { Id = "one", EndsAt = Some.Now.AddHours(5) }, later, "two");
        Assert.Equal("one", Assert.Single(longer.Store).Id);
        var other = book.DecideSet(Proposal("a", "2") with { Id = "one" }, later, "two");
        Assert.Equal(["one", "two"], other.Store.Select(silence => silence.Id));
        Apply(book, other);
        Assert.Equal(SilenceState.Expired, book.Get("one")!.StateAt(later));
        Assert.Equal(["two"], book.Silencing(LabelSet.Of("a", "2"), later));
        Assert.Empty(book.Silencing(LabelSet.Of("a", "1"), later));
    }

    [Fact]
    public void An_edited_silence_keeps_its_id_and_its_first_and_last_versions()
    {
        var book = Book();
        Apply(book, book.DecideSet(Proposal("a", "1"), Some.Now, "one"));
        for (var i = 1; i <= 30; i++)
            Apply(book, book.DecideEdit(Proposal("a", $"v{i}") with { Id = "one", Comment = $"c{i}" }, Some.Now.AddSeconds(i)));
        Assert.Equal(["one"], book.Silencing(LabelSet.Of("a", "v30"), Some.Now.AddMinutes(1)));
        Assert.Empty(book.Silencing(LabelSet.Of("a", "1"), Some.Now.AddMinutes(1)));
        var versions = book.Versions("one");
        Assert.Equal((SilenceBook.MaxVersions, "", "c12", "c30"), (versions.Count, versions[0].Comment, versions[1].Comment, versions[^1].Comment));
        Assert.Equal(["matchers", "comment"], SilenceVersion.Of(versions)[^1].Changed);
        // Told of it twice, as a journal read again does, nothing is added.
        book.Apply(versions[^1]);
        Assert.Equal(SilenceBook.MaxVersions, book.Versions("one").Count);
        book.Remove("one");
        Assert.Empty(book.Versions("one"));
    }

    [Fact]
    public void Unknown_ids_and_limits_are_told()
    {
        var book = new SilenceBook(new SilenceLimits(MaxSilences: 1, MaxSizeBytes: 500), MatcherSyntax.Fallback);
        Assert.Equal(SilenceRefusal.NotFound, book.DecideSet(Proposal("a", "1") with { Id = "x" }, Some.Now, "one").Refusal);
        Assert.Equal(SilenceRefusal.Limit, book.DecideSet(Proposal("a", new string('1', 500)), Some.Now, "one").Refusal);
        Apply(book, book.DecideSet(Proposal("a", "1"), Some.Now, "one"));
        Assert.Equal("exceeded maximum number of silences: 1 (limit: 1)", book.DecideSet(Proposal("a", "1"), Some.Now, "two").Error);
        Assert.Equal(SilenceRefusal.NotFound, book.DecideExpire("x", Some.Now).Refusal);
    }

    [Fact]
    public void Ending_a_silence_twice_changes_nothing_and_it_goes_after_its_retention()
    {
        var book = Book();
        Apply(book, book.DecideSet(Proposal("a", "1"), Some.Now, "one"));
        Apply(book, book.DecideExpire("one", Some.Now.AddMinutes(1)));
        Assert.Empty(book.DecideExpire("one", Some.Now.AddMinutes(2)).Store);
        Assert.Empty(book.Collect(Some.Now.AddHours(119)));
        Assert.Equal(["one"], book.Collect(Some.Now.AddHours(121)));
    }

    [Fact]
    public void An_older_version_never_takes_the_place_of_a_newer_one()
    {
        var book = Book();
        var first = book.DecideSet(Proposal("a", "1"), Some.Now, "one").Store[0];
        book.Apply(first with { UpdatedAt = Some.Now.AddMinutes(1), Comment = "newer" });
        Assert.False(book.Apply(first));
        Assert.Equal("newer", book.Get("one")!.Comment);
    }

    [Fact]
    public void The_index_finds_exactly_what_asking_every_silence_finds()
    {
        var random = new Random(3);
        string[] operators = ["=", "!=", "=~", "!~"];
        var book = Book();
        for (var i = 0; i < 300; i++)
        {
            var matchers = Enumerable.Range(0, 1 + random.Next(2)).Select(_ =>
                $"{"abc"[random.Next(3)]}{operators[random.Next(4)]}\"{(random.Next(3) == 0 ? "1|2" : random.Next(4).ToString())}\"");
            book.Apply(new Silence
            {
                Id = $"{i}",
                MatcherSets = [Some.Matchers(string.Join(',', matchers))],
                StartsAt = Some.Now,
                EndsAt = Some.Now.AddHours(random.Next(2)),
                UpdatedAt = Some.Now,
            });
        }
        book.Collect(Some.Now);
        for (var i = 0; i < 64; i++)
        {
            var labels = LabelSet.Of("a", (i % 4).ToString(), "b", (i / 4 % 4).ToString(), "c", (i / 16).ToString());
            var expected = book.All.Where(s => s.StateAt(Some.Now) == SilenceState.Active && s.Matches(labels)).Select(s => s.Id).Order(StringComparer.Ordinal);
            Assert.Equal(expected, book.Silencing(labels, Some.Now));
        }
    }

    [Fact]
    public void Asking_about_an_alert_looks_at_few_of_many_literal_silences()
    {
        var index = new MatcherIndex<int>();
        for (var i = 0; i < 10_000; i++)
            index.Add(i, [new MatcherSet([new AlertMatcher(MatchOperator.Equal, "alertname", "Same"), new AlertMatcher(MatchOperator.Equal, "instance", $"{i}")])]);
        var found = new HashSet<int>();
        index.Find(LabelSet.Of("alertname", "Same", "instance", "77"), found);
        Assert.Contains(77, found);
        Assert.True(found.Count < 10, $"{found.Count} were looked at");
    }

    private static SilenceBook Book() => new(new SilenceLimits(), MatcherSyntax.Fallback);

    private static void Apply(SilenceBook book, SilenceDecision decision)
    {
        foreach (var silence in decision.Store)
            book.Apply(silence);
    }

    private static SilenceProposal Proposal(string name, string value) => new()
    {
        MatcherSets = [[new ProposedMatcher(name, MatchOperator.Equal, value)]],
        StartsAt = Some.Now,
        EndsAt = Some.Now.AddHours(1),
    };
}
