using Akka.Event;

namespace ActorMon.Actors.Alerting;

/// <summary>When a shard may tell: its node has a majority, and the silences and the inhibitions of the whole cluster are known here.</summary>
public sealed partial class AlertShardActor
{
    private bool MayFlush(DateTimeOffset now)
    {
        if (_shard.NextDue is not { } due || due > now)
            return false;
        var waitsFor = WaitsFor(now);
        if (waitsFor != _waitsFor)
        {
            _waitsFor = waitsFor;
            _runtime.Metrics.Waiting.With(_name).Set(waitsFor.Length > 0 ? 1 : 0);
            if (waitsFor.Length > 0)
                _log.Warning("Alertmanager shard {Shard}: a group is due and waits for {What}", _number, waitsFor);
        }
        if (waitsFor.Length > 0)
            return false;
        if (_withoutViewsSince is not null)
            _runtime.Metrics.FlushedWithoutViews.Add();
        return true;
    }

    /// <summary>
    /// "" : for nothing. Without a majority for ever: another node tells in its place. For views a long but bounded time, counted from when there was a majority: it must do for the start
    /// of a whole cluster and its database, but when that does not come up at all, a page that should have been silent is better than none.
    /// </summary>
    private string WaitsFor(DateTimeOffset now)
    {
        var isWhole = _runtime.Views.IsWholeBy(_shard.Configuration!.Version);
        var isConfirmed = _runtime.MayNotify();
        if (isWhole || !isConfirmed)
        {
            _withoutViewsSince = null;
            return isConfirmed ? "" : "a majority of the cluster's members";
        }
        _withoutViewsSince ??= now;
        if (now - _withoutViewsSince < _runtime.ViewPatience)
            return "the silences and inhibitions of the whole cluster";
        if (_waitsFor.Length > 0)
            _log.Warning(
                "Alertmanager shard {Shard}: silences and inhibitions have not been whole for {Patience}; it goes on with those that are known here", _number, _runtime.ViewPatience);
        return "";
    }
}
