using ActorMon.Replication.Map;
using ActorMon.Simulation.Tests.Nodes;

namespace ActorMon.Simulation.Tests.World;

/// <summary>
/// What the cluster does below the protocol: finds that members cannot be reached, removes them by majority, lets new ones join when all members see each other, and
/// names the oldest member as the place of the control singleton. Each member hears of it a little later; a removed one late or never.
/// </summary>
public sealed class ClusterMembership(SimWorld world)
{
    private const long CheckMs = 500;

    private readonly List<SimProcess> _members = [];
    private readonly Dictionary<NodeIncarnation, (long Since, long RemovedAfter)> _lost = [];
    private readonly List<SimProcess> _waiting = [];

    public IReadOnlyList<SimProcess> Members => _members;

    /// <summary>Where nodes believe control to be.</summary>
    public SimProcess? Control { get; private set; }

    public string Describe() =>
        $"members {string.Join(",", _members.Select(Brief))}; waiting {string.Join(",", _waiting.Select(Brief))}; control on {(Control is null ? "none" : Brief(Control))}";

    public void Begin() => world.Schedule.After(CheckMs, Check);

    public void WantsToJoin(SimProcess process) => _waiting.Add(process);

    /// <summary>A member leaves by itself, its copies closed.</summary>
    public void Leave(SimProcess process) => Remove(process, gracefully: true);

    private static string Brief(SimProcess process) => $"{process.Node.Number}{(process.HasEnded ? " ended" : process.Node.IsFrozen ? " frozen" : "")}{(process.Control is null ? "" : " controls")}";

    private void Check()
    {
        world.Schedule.After(CheckMs, Check);
        // A new life at the same place ends the former one.
        foreach (var process in _waiting.Where(w => w.Node.IsRunning && !w.HasEnded))
            foreach (var former in _members.Where(m => m.Node == process.Node).ToArray())
                Remove(former, gracefully: false);
        var majority = Majority();
        if (majority is not null)
        {
            foreach (var member in _members.ToArray())
                Watch(member, majority);
            // Joining needs that everybody sees the change.
            if (_members.All(majority.Contains))
                Join(majority);
        }
        if (_members.Count == 0)
            Join([]);
        if (Control is null || !_members.Contains(Control))
            MoveControl();
    }

    private void Watch(SimProcess member, HashSet<SimProcess> majority)
    {
        if (majority.Contains(member))
        {
            // Said each time: a peer that was frozen may come to an older word late.
            _lost.Remove(member.Self);
            foreach (var peer in majority)
                peer.Run(() => peer.SeesReachable(member.Self));
            return;
        }
        var now = world.Schedule.Now;
        if (!_lost.TryGetValue(member.Self, out var lost))
        {
            _lost[member.Self] = (now, world.Chance.Between(2_000, 9_000));
            foreach (var peer in majority)
                world.Schedule.After(world.Chance.Between(1_000, 4_000), () =>
                {
                    if (_lost.ContainsKey(member.Self))
                        peer.Run(() => peer.SeesUnreachable(member.Self));
                });
        }
        else if (now - lost.Since >= lost.RemovedAfter)
            Remove(member, gracefully: false);
    }

    private void Remove(SimProcess member, bool gracefully)
    {
        if (!_members.Remove(member))
            return;
        world.Trace?.Invoke($"{world.Schedule.Now} cluster removes {member.Node.Number}{(gracefully ? " (left)" : "")}");
        _lost.Remove(member.Self);
        foreach (var peer in _members)
            world.Schedule.After(world.Chance.Between(0, 1_500), () => peer.Run(() => peer.SeesRemoved(member.Self, gracefully)));
        // It learns that it was removed some time later and starts again in a new life.
        if (!gracefully)
            world.Schedule.After(world.Chance.Between(500, 12_000), () => member.Run(member.IsRemoved));
    }

    private void Join(HashSet<SimProcess> majority)
    {
        foreach (var process in _waiting.ToArray())
        {
            if (process.HasEnded)
            {
                _waiting.Remove(process);
                continue;
            }
            if (!process.Node.IsRunning || majority.Any(m => !Sees(m, process)))
                continue;
            _waiting.Remove(process);
            _members.Add(process);
            foreach (var member in _members)
                member.SeesMembers(_members.Select(m => m.Self));
            process.IsMember();
            return;
        }
    }

    private void MoveControl()
    {
        // Nobody is told that it no longer has it: the former one, if it lives, finds out by the journal.
        var next = _members.FirstOrDefault(m => !_lost.ContainsKey(m.Self));
        Control = next;
        if (next is not null)
            world.Schedule.After(world.Chance.Between(200, 2_500), () => next.Run(next.BecomesControl));
    }

    /// <summary>The members that see each other and are more than half, with a tie for the side of the first; null: there are none.</summary>
    private HashSet<SimProcess>? Majority()
    {
        HashSet<SimProcess>? best = null;
        foreach (var start in _members.Where(m => m.Node.IsRunning && !m.HasEnded))
        {
            HashSet<SimProcess> side = [start];
            foreach (var other in _members)
                if (other != start && !other.HasEnded && side.All(s => Sees(s, other)))
                    side.Add(other);
            var isMore = 2 * side.Count > _members.Count || (2 * side.Count == _members.Count && side.Contains(_members[0]));
            if (isMore && (best is null || side.Count > best.Count))
                best = side;
        }
        return best;
    }

    private bool Sees(SimProcess a, SimProcess b) =>
        a.Node.IsRunning && b.Node.IsRunning && world.Network.IsOpenBothWays(a.Node.Number, b.Node.Number);
}
