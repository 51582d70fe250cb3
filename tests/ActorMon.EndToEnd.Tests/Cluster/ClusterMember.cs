using System.Globalization;
using System.Net;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>Where a node of a cluster is reached by the others.</summary>
/// <param name="Host">As the others are told.</param>
/// <param name="Listens">Where it really listens; another address than <paramref name="Host"/> when a network lies between.</param>
public sealed record MemberAddress(string Host, string Listens, int ClusterPort, int LinkPort)
{
    /// <summary>As --cluster.seed-nodes wants it.</summary>
    public string Seed => string.Create(CultureInfo.InvariantCulture, $"{Host}:{ClusterPort}/{LinkPort}");
}

/// <summary>
/// One node of a <see cref="ClusterScene"/>: the published program with a directory and ports that it keeps over all its lives. Kill, SIGTERM, SIGSTOP, restart; what it writes
/// goes to <c>log</c> in its folder.
/// </summary>
public sealed class ClusterMember(string name, string folder, string configuration, MemberAddress address, Func<IEnumerable<string>> flags) : Node(folder, configuration)
{
    /// <summary>n1, n2 ...</summary>
    public string Name { get; } = name;

    public MemberAddress At { get; } = address;

    /// <summary>Flags of this node alone, for its next start.</summary>
    public List<string> ExtraFlags { get; } = [];

    /// <summary>Its process is there and not frozen, and was not told to stop.</summary>
    public bool IsRunning { get; private set; }

    public bool IsFrozen { get; private set; }

    /// <summary>How often it was started.</summary>
    public int Lives { get; private set; }

    /// <summary>Of its newest process; null: it has none yet, or is between two.</summary>
    public int? ProcessId { get; private set; }

    protected override string OutputFile => Path.Combine(Folder, "log");

    protected override IEnumerable<string> Arguments =>
        [
            .. base.Arguments, "--web.enable-remote-write-receiver", "--web.enable-admin-api",
            string.Create(CultureInfo.InvariantCulture, $"--cluster.listen-address={At.Listens}:{At.ClusterPort}"),
            string.Create(CultureInfo.InvariantCulture, $"--cluster.link-address={At.Listens}:{At.LinkPort}"), "--cluster.advertise-address=" + At.Host,
            .. flags(), .. ExtraFlags,
        ];

    /// <summary>Starts the process; <see cref="MetricsServer.ReadyAsync"/> waits for it.</summary>
    public async Task BeginAsync()
    {
        ProcessId = null;
        await LaunchAsync();
        ProcessId = Process.Id;
        Lives++;
        (IsRunning, IsFrozen) = (true, false);
    }

    /// <summary>kill -9.</summary>
    public async Task CrashAsync()
    {
        (IsRunning, IsFrozen) = (false, false);
        await KillAsync();
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public Task<int> LeaveAsync(TimeSpan patience)
    {
        IsRunning = false;
        return StopAsync(patience);
    }

    /// <summary>SIGSTOP: the process does nothing more and keeps all its connections.</summary>
    public async Task FreezeAsync()
    {
        (IsRunning, IsFrozen) = (false, true);
        await Process.SignalAsync("STOP");
    }

    /// <summary>SIGCONT.</summary>
    public async Task ThawAsync()
    {
        await Process.SignalAsync("CONT");
        (IsRunning, IsFrozen) = (true, false);
    }

    /// <summary>The cluster as this node sees it; null: it does not answer so within a few seconds.</summary>
    public async Task<ClusterView?> ViewAsync()
    {
        try
        {
            return ClusterView.Of(await ApiAsync("status/cluster").WaitAsync(TimeSpan.FromSeconds(5)));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>A metric without labels that the node shows of itself; null: it shows none of that name.</summary>
    public async Task<double?> OwnMetricAsync(string name)
    {
        foreach (var line in (await TextAsync("/metrics")).Split('\n'))
            if (line.StartsWith(name + " ", StringComparison.Ordinal))
                return Number(line[(name.Length + 1)..]);
        return null;
    }

    /// <summary>Which of the nodes has opened a connection whose other end is <paramref name="client"/>.</summary>
    public static ClusterMember? OwnerOf(IPEndPoint client, IReadOnlyList<ClusterMember> members)
    {
        var processes = members.Select(m => (Member: m, Id: m.ProcessId)).Where(p => p.Id is not null).ToList();
        return ConnectionOwners.Of(client, processes.Select(p => p.Id!.Value)) is { } id ? processes.First(p => p.Id == id).Member : null;
    }

    public override string ToString() => Name;
}
