namespace ActorMon.EndToEnd.Tests.Alerts;

/// <summary>What the tests expect is worked out from samples and rules; here it is held against the times that the suite itself gives.</summary>
public sealed class AlertSuiteTests
{
    private readonly AlertSuite _suite = new();

    [Fact]
    public void What_is_expected_is_what_the_suite_says()
    {
        Phase[] Of(params (double Minutes, SuiteState State)[] phases) => [.. phases.Select(p => new Phase(TimeSpan.FromMinutes(p.Minutes), p.State))];
        Assert.Equal(
            Of((0, SuiteState.Inactive), (2, SuiteState.Pending), (8, SuiteState.Firing), (17.25, SuiteState.Inactive), (22.25, SuiteState.Pending), (28.25, SuiteState.Firing), (33.5, SuiteState.Inactive)),
            _suite.Find("PendingAndFiringAndResolved_SimpleAlert").Phases);
        Assert.Equal(Of((0, SuiteState.Inactive), (2, SuiteState.Pending), (4.75, SuiteState.Inactive)), _suite.Find("PendingAndResolved_AlwaysInactive_PendingAlert").Phases);
        Assert.Equal(
            Of((0, SuiteState.Inactive), (2, SuiteState.Firing), (5.25, SuiteState.Inactive), (23.25, SuiteState.Firing), (26.5, SuiteState.Inactive)),
            _suite.Find("ZeroFor_SmallFor_ZeroFor").Phases);
        Assert.Equal(Of((0, SuiteState.Inactive), (11, SuiteState.Firing), (16.25, SuiteState.Inactive)), _suite.Find("NewAlerts_OrderCheck_Rule2").Phases);
    }

    [Fact]
    public void A_value_that_began_within_the_last_second_is_expected() =>
        Assert.Equal([11, 15], _suite.Find("PendingAndFiringAndResolved_SimpleAlert").ValuesIn(TimeSpan.FromSeconds(265.3), TimeSpan.FromSeconds(315.2)));
}
