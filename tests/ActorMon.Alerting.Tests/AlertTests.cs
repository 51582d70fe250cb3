using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Matchers;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Tests;

public class AlertTests
{
    [Fact]
    public void Times_that_were_not_posted_are_filled_in()
    {
        var (alert, error) = AlertIntake.Accept(Posted(null, null), Some.Now, TimeSpan.FromMinutes(5), MatcherSyntax.Fallback);
        Assert.Null(error);
        Assert.Equal((Some.Now, Some.Now.AddMinutes(5), true), (alert!.StartsAt, alert.EndsAt!.Value, alert.EndsByTimeout));
        (alert, _) = AlertIntake.Accept(Posted(null, Some.Now.AddHours(-1)), Some.Now, TimeSpan.FromMinutes(5), MatcherSyntax.Fallback);
        Assert.Equal((Some.Now.AddHours(-1), false), (alert!.StartsAt, alert.EndsByTimeout));
    }

    [Fact]
    public void Empty_labels_are_dropped_and_what_cannot_be_stored_is_refused()
    {
        var posted = Posted(null, null) with { Labels = [KeyValuePair.Create("a", "")] };
        Assert.Equal("at least one label pair required", AlertIntake.Accept(posted, Some.Now, TimeSpan.Zero, MatcherSyntax.Fallback).Error);
        Assert.Equal("start time must be before end time",
            AlertIntake.Accept(Posted(Some.Now, Some.Now.AddSeconds(-1)), Some.Now, TimeSpan.Zero, MatcherSyntax.Fallback).Error);
        posted = Posted(null, null) with { Labels = [KeyValuePair.Create("a b", "c")] };
        Assert.Equal("invalid label set: invalid name \"a b\"", AlertIntake.Accept(posted, Some.Now, TimeSpan.Zero, MatcherSyntax.Classic).Error);
    }

    [Fact]
    public void Overlapping_alerts_become_one_with_the_earliest_start_and_the_later_known_end()
    {
        var old = Some.Alert(Some.Now, "a", "b");
        var merged = old.ReplacedBy(old with { StartsAt = Some.Now.AddMinutes(1), EndsAt = Some.Now.AddMinutes(30), UpdatedAt = Some.Now.AddMinutes(1) });
        Assert.Equal((Some.Now, Some.Now.AddHours(1)), (merged.StartsAt, merged.EndsAt!.Value));
        merged = (old with { EndsByTimeout = true }).ReplacedBy(old with { StartsAt = Some.Now.AddMinutes(1), EndsAt = Some.Now.AddMinutes(30), UpdatedAt = Some.Now.AddMinutes(1) });
        Assert.Equal(Some.Now.AddMinutes(30), merged.EndsAt);
    }

    [Fact]
    public void A_resolve_ends_an_alert_at_once()
    {
        var old = Some.Alert(Some.Now, "a", "b");
        var now = Some.Now.AddMinutes(2);
        Assert.Equal(now, old.ReplacedBy(old with { EndsAt = now, UpdatedAt = now }).EndsAt);
    }

    [Fact]
    public void Fingerprints_are_the_originals()
    {
        // FNV-1a of nothing, and of "a" 255 "b" 255 computed byte by byte.
        Assert.Equal("cbf29ce484222325", Fingerprint.TextOf(LabelSet.Empty));
        var hash = 14695981039346656037UL;
        foreach (var value in (byte[])[(byte)'a', 255, (byte)'b', 255])
            hash = unchecked((hash ^ value) * 1099511628211UL);
        Assert.Equal(hash, Fingerprint.Of(LabelSet.Of("a", "b")));
    }

    private static PostedAlert Posted(DateTimeOffset? starts, DateTimeOffset? ends) => new([KeyValuePair.Create("alertname", "A")], [], starts, ends, "");
}
