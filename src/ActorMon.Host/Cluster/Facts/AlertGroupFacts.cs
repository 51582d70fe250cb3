using ActorMon.Actors.Alerting;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Groups;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Shards;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Protocol.Facts;

namespace ActorMon.Host.Cluster.Facts;

/// <summary>Groups of the built-in Alertmanager and their alerts: a node's part, and how the question travels.</summary>
public static class AlertGroupFacts
{
    /// <summary>A shard that is busy for longer counts as one that does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static AlertGroupsQuestion Question(MatcherSet filter, LabelSet? exactly = null)
    {
        var question = new AlertGroupsQuestion();
        question.Filter.Add(Wire(filter));
        if (exactly is not null)
            question.Labels = exactly.ToWire();
        return question;
    }

    /// <summary>A node that has just begun is given so long to learn what holds back which alerts.</summary>
    private static readonly TimeSpan ViewPatience = TimeSpan.FromSeconds(2);

    /// <summary>What the shards of this node hold.</summary>
    /// <exception cref="FormatException">A matcher that is none.</exception>
    public static async ValueTask<AlertGroupsOfNode> HereAsync(AlertingRuntime runtime, AlertGroupsQuestion question, CancellationToken cancellation)
    {
        var filter = FilterOf(question.Filter);
        var exactly = question.Labels?.FromWire();
        var isSettled = runtime.Configuration() is null || await runtime.Views.WholeAsync(ViewPatience, runtime.Time, cancellation);
        var now = runtime.Time.GetUtcNow();
        var told = new AlertGroupsOfNode { Settling = !isSettled };
        foreach (var (number, groups) in await runtime.Board.LookAsync(shard => Rows(shard, runtime.Views, filter, exactly, now), Patience, cancellation))
        {
            told.Shards.Add(number);
            told.Groups.Add(groups);
        }
        return told;
    }

    public static Alert AlertOf(GroupAlertRow row) => new()
    {
        Labels = row.Labels.FromWire(),
        Annotations = row.Annotations.FromWire(),
        StartsAt = Time(row.StartsAt),
        EndsAt = row.HasEndsAt ? Time(row.EndsAt) : null,
        UpdatedAt = Time(row.UpdatedAt),
        EndsByTimeout = row.EndsByTimeout,
        GeneratorUrl = row.GeneratorUrl.Text(),
    };

    public static DateTimeOffset Time(long wire) => new(wire + DateTimeOffset.UnixEpoch.Ticks, TimeSpan.Zero);

    /// <exception cref="FormatException">A matcher that is none.</exception>
    public static MatcherSet FilterOf(IEnumerable<WireMatcher> wire) => new(wire.Select(m => new AlertMatcher((MatchOperator)m.Operator, m.Name.Text(), m.Value.Text())));

    public static IEnumerable<WireMatcher> Wire(MatcherSet filter) =>
        filter.Matchers.Select(m => new WireMatcher { Operator = (int)m.Operator, Name = FactTexts.Bytes(m.Name), Value = FactTexts.Bytes(m.Value) });

    public static long Wire(DateTimeOffset time) => time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    private static List<AlertGroupRow> Rows(AlertShard shard, AlertViews views, MatcherSet filter, LabelSet? exactly, DateTimeOffset now)
    {
        var rows = new List<AlertGroupRow>();
        foreach (var group in shard.Groups)
        {
            if (exactly is not null && !group.Holds(exactly))
                continue;
            var row = new AlertGroupRow { Route = FactTexts.Bytes(group.Route.Id), Labels = group.Labels.ToWire(), Count = group.Count, Flushes = group.Flushes };
            if (group.NextFlush is { } next)
                row.NextFlush = Wire(next);
            foreach (var alert in group.Alerts)
                if (exactly is null ? !alert.IsResolved(now) && filter.Matches(alert.Labels) : alert.Labels.Equals(exactly))
                    row.Alerts.Add(Row(alert, views, now));
            if (exactly is not null)
                row.Told.Add(Told(shard, group));
            if (row.Alerts.Count > 0)
                rows.Add(row);
        }
        return rows;
    }

    private static GroupAlertRow Row(Alert alert, AlertViews views, DateTimeOffset now)
    {
        var row = new GroupAlertRow
        {
            Labels = alert.Labels.ToWire(),
            Annotations = alert.Annotations.ToWire(),
            StartsAt = Wire(alert.StartsAt),
            UpdatedAt = Wire(alert.UpdatedAt),
            EndsByTimeout = alert.EndsByTimeout,
            GeneratorUrl = FactTexts.Bytes(alert.GeneratorUrl),
        };
        if (alert.EndsAt is { } end)
            row.EndsAt = Wire(end);
        var (inhibited, silenced) = views.Ask((inhibitor, silences) => (inhibitor.Inhibiting(alert.Labels, now), silences.Silencing(alert.Labels, now)));
        row.SilencedBy.Add(silenced.Select(FactTexts.Bytes));
        if (inhibited is not null)
            row.InhibitedBy.Add(FactTexts.Bytes(Fingerprint.TextOf(inhibited.Source)));
        return row;
    }

    private static IEnumerable<ToldRow> Told(AlertShard shard, AlertGroup group)
    {
        var receiver = group.Route.Options.Receiver;
        foreach (var integration in shard.Configuration?.Receiver(receiver)?.Integrations ?? [])
        {
            var row = new ToldRow { Type = FactTexts.Bytes(integration.Type), Index = integration.Index };
            if (shard.LastSent(new SendKey(group.KeyText, receiver, integration.Type, integration.Index))?.Entry is { } last)
            {
                if (last.Timestamp is { } at)
                    row.At = Wire(at);
                row.Firing.Add(last.Firing.Order());
                row.Resolved.Add(last.Resolved.Order());
            }
            yield return row;
        }
    }
}
