using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Alerts;

/// <summary>The suite against a node that is killed and started again, with its journal and samples.</summary>
public sealed class KilledAlertRun : AlertRun
{
    /// <summary>Times after T0: most alerts are pending; most fire or have ended; one is pending again while others are told as resolved.</summary>
    public static readonly TimeSpan[] Kills = [TimeSpan.FromMinutes(3.5), TimeSpan.FromMinutes(12.5), TimeSpan.FromMinutes(25)];

    private TimeSpan _longest;
    private DateTimeOffset _back = DateTimeOffset.MaxValue;

    public int Killed { get; private set; }

    public override TimeSpan Slack => base.Slack + _longest;

    protected override bool IsAway => Killed > 0 && Clock.Now < _back;

    protected override async Task DisturbAsync()
    {
        foreach (var kill in Kills)
        {
            await Clock.UntilAsync(Start + kill);
            var groups = (await EvaluationsAsync()).Length;
            var gone = Clock.Now;
            _back = DateTimeOffset.MaxValue;
            Killed++;
            await Node.KillAsync();
            await Node.StartAsync();
            // Ready is not yet evaluating: groups find their place and read their journal first.
            await Eventually.Async("every group is evaluated again", async () => (await EvaluationsAsync()) is var times && times.Length == groups && times.All(at => at > gone), TimeSpan.FromSeconds(60));
            // A request that began before may still fail.
            _back = Clock.Now + Slack;
            var away = Clock.Now - gone;
            Away += away;
            _longest = away > _longest ? away : _longest;
        }
    }

    private async Task<DateTimeOffset[]> EvaluationsAsync() =>
        [.. (await Node.ApiAsync("rules")).GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("lastEvaluation").GetDateTimeOffset())];
}
