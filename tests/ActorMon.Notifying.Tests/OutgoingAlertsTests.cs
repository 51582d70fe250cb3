using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Names;
using ActorMon.Model.Relabelling;
using ActorMon.Notifying.Alerts;
using ActorMon.Notifying.Options;
using static ActorMon.Notifying.Tests.Alerts;

namespace ActorMon.Notifying.Tests;

public sealed class OutgoingAlertsTests
{
    private static readonly RelabelRule DropTests = new() { Action = RelabelAction.Drop, SourceLabels = ["env"], Regex = AnchoredRegex.Parse("test") };

    [Fact]
    public void External_labels_are_added_where_an_alert_has_none_of_that_name()
    {
        var alerts = Prepare(new AlertLabelOptions { ExternalLabels = LabelSet.Of("cluster", "north", "env", "prod") }, "alertname", "A", "env", "test");
        Assert.Equal(LabelSet.Of("alertname", "A", "cluster", "north", "env", "test"), Assert.Single(alerts).Labels);
    }

    [Fact]
    public void Relabelling_sees_external_labels_and_what_it_drops_is_told_nobody()
    {
        var options = new AlertLabelOptions { ExternalLabels = LabelSet.Of("env", "test"), RelabelRules = [DropTests] };
        Assert.Empty(Prepare(options, "alertname", "A"));
        Assert.Single(Prepare(options, "alertname", "A", "env", "prod"));
    }

    [Fact]
    public void One_group_of_Alertmanagers_may_be_told_less_and_the_alerts_of_the_others_stay_as_they_are()
    {
        IReadOnlyList<OutgoingAlert> alerts = [Outgoing("alertname", "A", "env", "test"), Outgoing("alertname", "B", "env", "prod")];
        var strip = new RelabelRule { Action = RelabelAction.LabelDrop, Regex = AnchoredRegex.Parse("env") };

        var told = OutgoingAlerts.Relabel(alerts, [DropTests, strip], NameValidation.Utf8);

        Assert.Equal([LabelSet.Of("alertname", "B")], told.Select(a => a.Labels));
        Assert.Equal("test", alerts[0].Labels.Get("env"));
        Assert.Same(alerts, OutgoingAlerts.Relabel(alerts, [], NameValidation.Utf8));
    }

    [Fact]
    public void The_link_leads_to_the_table_of_the_expression()
    {
        var alerts = OutgoingAlerts.Prepare([Notice("up{job=\"a b\"} == 0", "alertname", "A"), Notice("vector(1)", "alertname", "B")], "https://prom.example/x", AlertLabelOptions.None);
        Assert.Equal("https://prom.example/x/graph?g0.expr=up%7Bjob%3D%22a+b%22%7D+%3D%3D+0&g0.tab=1", alerts[0].GeneratorUrl);
        Assert.Equal("https://prom.example/x/graph?g0.expr=vector%281%29&g0.tab=1", alerts[1].GeneratorUrl);
    }

    private static IReadOnlyList<OutgoingAlert> Prepare(AlertLabelOptions options, params string[] labels) =>
        OutgoingAlerts.Prepare([Notice("up", labels)], "http://localhost:9090", options);
}
