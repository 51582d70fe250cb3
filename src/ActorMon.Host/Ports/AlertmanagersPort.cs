using ActorMon.Actors.Notifying;
using ActorMon.Api.Ports;

namespace ActorMon.Host.Ports;

/// <summary>The API's view of the notifier: every node discovers Alertmanagers itself, by the one configuration, so each knows them all.</summary>
public sealed class AlertmanagersPort(NotifierBoard board) : IAlertmanagersPort
{
    public KnownAlertmanagers Known => new(board.Current.Active, board.Current.Dropped);
}
