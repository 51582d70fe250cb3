using System.Diagnostics;
using System.Globalization;
using ActorMon.EndToEnd.Tests.Processes;
using ActorMon.Testing.Databases;
using ActorMon.Testing.IO;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>
/// Nodes of one cluster, real processes on loopback, each with a directory and ports of its own and all with one journal. With $ACTORMON_KEEP the folder (logs, data) stays.
/// <code>
/// await using var scene = new ClusterScene(new ClusterSetup(yaml));
/// await scene.StartAsync(3);                       // ready, every partition on R nodes
/// await scene[1].CrashAsync();  await scene[1].BeginAsync();  await scene.SettledAsync();
/// var n4 = await scene.AddAsync();  await n4.LeaveAsync(patience);
/// </code>
/// </summary>
public sealed class ClusterScene(ClusterSetup setup) : IAsyncDisposable
{
    /// <summary>Long enough for a loaded machine; only a failing test waits for so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    private readonly TempFolder _folder = new();
    private readonly List<ClusterMember> _members = [];
    private readonly List<MemberAddress> _seeds = [];
    private PostgresServer? _postgres;

    public IReadOnlyList<ClusterMember> Members => _members;

    /// <summary>The network between the nodes; null: the setup has none.</summary>
    public CutNetwork? Network { get; } = setup.HasNetwork ? new CutNetwork() : null;

    public IEnumerable<ClusterMember> Running => _members.Where(m => m.IsRunning);

    public ClusterMember this[int index] => _members[index];

    /// <summary>A new cluster of so many nodes; ends when all are ready and every partition has its copies.</summary>
    public async Task StartAsync(int nodes)
    {
        if (setup.OnPostgres)
            _postgres = await PostgresServer.StartAsync();
        var addresses = Enumerable.Range(1, nodes).Select(NewAddress).ToList();
        _seeds.AddRange(addresses);
        foreach (var address in addresses)
            await NewMember(address).BeginAsync();
        await Task.WhenAll(_members.Select(m => m.ReadyAsync(Patience)));
        await SettledAsync();
    }

    /// <summary>One more node, started; ends when it is ready. Nothing needs to have moved to it.</summary>
    /// <param name="hocon">Settings of this node alone.</param>
    /// <param name="flags">Flags of this node alone.</param>
    public async Task<ClusterMember> AddAsync(string hocon = "", params string[] flags)
    {
        var member = NewMember(NewAddress(_members.Count + 1), hocon, flags);
        await member.BeginAsync();
        await member.ReadyAsync(Patience);
        return member;
    }

    /// <summary>
    /// Waits until the running nodes, and no others, are up, all act on one map, each has heard from a majority, every partition has its copies and nothing moves. Returns how long that took.
    /// </summary>
    public async Task<TimeSpan> SettledAsync(TimeSpan? patience = null)
    {
        var clock = Stopwatch.StartNew();
        var seen = "";
        try
        {
            await Eventually.Async("the cluster has settled", async () =>
            {
                var running = Running.ToList();
                var views = await Task.WhenAll(running.Select(m => m.ViewAsync()));
                seen = string.Join('\n', running.Zip(views, (member, view) => $"{member}: {view?.ToString() ?? "no answer"}"));
                return views.All(v => v is { Confirmed: true, Trouble: null, Moves: 0, Incomplete: 0, UnderReplicated.Count: 0 }
                    && v.MapVersion == v.ControlVersion && v.MapVersion == views[0]!.MapVersion && v.Up.Count() == running.Count && v.Nodes.All(n => n.State != "draining"));
            }, patience ?? Patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}:\n{seen}", e);
        }
        return clock.Elapsed;
    }

    /// <summary>Waits until the map has stayed as it is for longer than any step of a move takes to follow the one before. Returns its version.</summary>
    public async Task<long> AtRestAsync()
    {
        long version = 0;
        var since = Stopwatch.StartNew();
        await Eventually.Async("the map has come to rest", async () =>
        {
            if ((await this[0].ViewAsync())?.MapVersion is { } now && now != version)
            {
                version = now;
                since.Restart();
            }
            return version > 0 && since.Elapsed > Rest;
        }, Patience);
        await SettledAsync();
        return version;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
            await member.DisposeAsync();
        if (Network is not null)
            await Network.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        if (Environment.GetEnvironmentVariable("ACTORMON_KEEP") is null)
            _folder.Dispose();
    }

    private ClusterMember NewMember(MemberAddress address, string hocon = "", params string[] flags)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"n{_members.Count + 1}");
        var settings = _folder.File(name + ".conf");
        var journal = _postgres is null ? ("sqlite", "Data Source=" + _folder.File("control.db")) : ("postgresql", _postgres.ConnectionString);
        File.WriteAllText(settings, $$"""
            actormon.partitions = {{setup.Partitions}}
            actormon.persistence { provider = {{journal.Item1}}, connection-string = "{{journal.Item2}}" }
            {{setup.Hocon}}
            {{hocon}}

            """);
        var member = new ClusterMember(name, _folder.File(name), setup.Configuration, address, () =>
            [
                "--cluster.seed-nodes=" + string.Join(',', _seeds.Select(s => s.Seed)), "--node.config=" + settings,
                string.Create(CultureInfo.InvariantCulture, $"--cluster.replicas={setup.Replicas}"), .. setup.Flags, .. flags,
            ]);
        _members.Add(member);
        Network?.Attach(member);
        setup.Prepare(member);
        return member;
    }

    /// <summary>All of 127.0.0.0/8 is loopback: behind a network a node listens on an address of its own, and the network in front of it on another.</summary>
    private MemberAddress NewAddress(int number) => Network is null
        ? new MemberAddress("127.0.0.1", "127.0.0.1", FreePorts.Next(), FreePorts.Next())
        : new MemberAddress(
            string.Create(CultureInfo.InvariantCulture, $"127.0.1.{number}"), string.Create(CultureInfo.InvariantCulture, $"127.0.2.{number}"), FreePorts.Next(), FreePorts.Next());
}
