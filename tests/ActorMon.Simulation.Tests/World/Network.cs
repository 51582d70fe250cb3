using ActorMon.Simulation.Tests.Nodes;

namespace ActorMon.Simulation.Tests.World;

/// <summary>Between nodes, by their numbers: delays, loses, doubles and so reorders; each direction of each pair can be cut.</summary>
public sealed class Network(Schedule schedule, Chance chance, IReadOnlyList<SimNode> nodes)
{
    private readonly bool[,] _cut = new bool[SimulationOptions.MaxNodes, SimulationOptions.MaxNodes];

    public double Loss { get; set; } = 0.01;

    public double Slow { get; set; } = 0.01;

    public bool IsOpen(int from, int to) => from == to || !_cut[from, to];

    public bool IsOpenBothWays(int a, int b) => IsOpen(a, b) && IsOpen(b, a);

    public void Cut(int from, int to) => _cut[from, to] = true;

    public void HealAll() => Array.Clear(_cut);

    /// <summary>Hands something to the process that runs on a node when it arrives, if one does.</summary>
    public void Send(int from, int to, Action<SimProcess> arrive)
    {
        if (from == to)
        {
            Deliver(to, 0, arrive);
            return;
        }
        if (!IsOpen(from, to) || chance.Happens(Loss))
            return;
        Deliver(to, Delay(), arrive);
        if (chance.Happens(0.02))
            Deliver(to, Delay(), arrive);
    }

    private long Delay() => chance.Happens(Slow) ? chance.Between(100, 8_000) : chance.Between(1, 30);

    private void Deliver(int to, long delay, Action<SimProcess> arrive) => schedule.After(delay, () =>
    {
        if (nodes[to].Process is { } process)
            process.Run(() => arrive(process));
    });
}
