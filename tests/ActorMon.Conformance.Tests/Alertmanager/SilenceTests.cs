using System.Text.Json;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Silences;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Alertmanager;

public sealed class SilenceTests
{
    private static JsonElement Data => Kit.File("silences.json");

    [ConformanceFact]
    public void Proposals_are_checked()
    {
        var run = new ConformanceRun("alertmanager/silences", "validate");
        foreach (var @case in Data.GetProperty("validate").EnumerateArray())
            run.Case(@case.ToString(), () =>
            {
                var silence = @case.GetProperty("s");
                var proposal = new SilenceProposal
                {
                    Id = Kit.Text(silence, "Id"),
                    MatcherSets = ProposedSets(silence),
                    StartsAt = Kit.Moment(silence, "StartsAt"),
                    EndsAt = Kit.Moment(silence, "EndsAt"),
                };
                Expect(@case, proposal.Check(MatcherSyntax.Classic).Error);
            });
        run.Finish(7);
    }

    [ConformanceFact]
    public void Matchers_are_checked_by_the_classic_rules() => Matchers("validateClassicMatcher", MatcherSyntax.Classic);

    [ConformanceFact]
    public void Matchers_are_checked_by_the_utf8_rules() => Matchers("validateUtf8Matcher", MatcherSyntax.Utf8Strict);

    [ConformanceFact]
    public void Times_may_change_as_far_as_the_state_allows()
    {
        var run = new ConformanceRun("alertmanager/silences", "canUpdate");
        foreach (var @case in Data.GetProperty("canUpdate").EnumerateArray())
            run.Case(@case.ToString(), () =>
            {
                var (a, b) = (@case.GetProperty("a"), @case.GetProperty("b"));
                // The first case has nothing to update: its silence has no times, which is one that ended long ago.
                var known = Stored(a, Kit.Moment(a, "StartsAt") ?? DateTimeOffset.UnixEpoch, Kit.Moment(a, "EndsAt") ?? DateTimeOffset.UnixEpoch);
                Assert.Equal(@case.GetProperty("ok").GetBoolean(),
                    known.CanBecome(known.MatcherSets, Kit.Moment(b, "StartsAt")!.Value, Kit.Moment(b, "EndsAt")!.Value, Kit.Now));
            });
        run.Finish(9);
    }

    [ConformanceFact]
    public void Any_set_of_matchers_silences()
    {
        var run = new ConformanceRun("alertmanager/silences", "queryMatches");
        var labels = LabelSet.Of("job", "test", "instance", "web-1", "path", "/user/profile", "method", "GET");
        foreach (var @case in Data.GetProperty("queryMatches").EnumerateArray())
            run.Case(@case.ToString(), () =>
            {
                var book = new SilenceBook(new SilenceLimits(), MatcherSyntax.Fallback);
                book.Apply(Stored(@case.GetProperty("sil"), Kit.Now.AddHours(-1), Kit.Now.AddHours(1)));
                Assert.Equal(@case.GetProperty("drop").GetBoolean(), book.Silencing(labels, Kit.Now).Count > 0);
            });
        run.Finish(10);
    }

    [ConformanceFact]
    public void A_silence_has_one_state_at_a_time()
    {
        var run = new ConformanceRun("alertmanager/silences", "state");
        foreach (var @case in Data.GetProperty("state").EnumerateArray())
            run.Case(@case.ToString(), () =>
            {
                var silence = @case.GetProperty("sil");
                var state = Stored(silence, Kit.Moment(silence, "StartsAt")!.Value, Kit.Moment(silence, "EndsAt")!.Value).StateAt(Kit.Now);
                var wanted = @case.GetProperty("states").EnumerateArray().Select(s => Enum.Parse<SilenceState>(s.GetString()!, ignoreCase: true));
                Assert.Equal(@case.GetProperty("keep").GetBoolean(), wanted.Contains(state));
            });
        run.Finish(3);
    }

    private static void Matchers(string group, MatcherSyntax syntax)
    {
        var run = new ConformanceRun("alertmanager/silences", group);
        foreach (var @case in Data.GetProperty(group).EnumerateArray())
            run.Case(@case.ToString(), () => Expect(@case, SilenceProposal.CheckMatcher(Proposed(@case.GetProperty("m")), syntax)));
        run.Finish(11);
    }

    private static void Expect(JsonElement @case, string? error)
    {
        if (Kit.Text(@case, "err") is { Length: > 0 } part)
            Assert.Contains(part, error, StringComparison.Ordinal);
        else
            Assert.Null(error);
    }

    private static Silence Stored(JsonElement silence, DateTimeOffset startsAt, DateTimeOffset endsAt) => new()
    {
        Id = "some_id",
        MatcherSets = [.. ProposedSets(silence).Select(set => new MatcherSet(set.Select(m => new AlertMatcher(m.Operator, m.Name, m.Value))))],
        StartsAt = startsAt,
        EndsAt = endsAt,
        UpdatedAt = Kit.Now,
    };

    private static ProposedMatcher[][] ProposedSets(JsonElement silence)
    {
        if (silence.TryGetProperty("Matchers", out var one))
            return [[.. one.EnumerateArray().Select(Proposed)]];
        return silence.TryGetProperty("MatcherSets", out var sets)
            ? [.. sets.EnumerateArray().Select(set => set.GetProperty("Matchers").EnumerateArray().Select(Proposed).ToArray())]
            : [];
    }

    private static ProposedMatcher Proposed(JsonElement matcher)
    {
        var op = MatchOperator.Equal;
        if (matcher.TryGetProperty("Type", out var type))
            op = type.ValueKind == JsonValueKind.Number ? (MatchOperator)byte.MaxValue : Kit.Operator(type.GetString()!);
        return new ProposedMatcher(Kit.Text(matcher, "Name"), op, Kit.Text(matcher, "Pattern"));
    }
}
