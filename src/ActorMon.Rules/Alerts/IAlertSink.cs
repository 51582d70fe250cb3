namespace ActorMon.Rules.Alerts;

/// <summary>
/// Takes the alerts that are due after an evaluation, wherever they go from there (external Alertmanagers, the built-in one). Returns at once and does not throw: what
/// cannot be delivered is dropped and counted by the receiver, and is due again after the resend delay.
/// </summary>
public interface IAlertSink
{
    /// <param name="alerts">Not empty; of one rule or several. Not changed afterwards by either side.</param>
    void Send(IReadOnlyList<AlertNotice> alerts);
}
