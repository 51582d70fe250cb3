using ActorMon.Replication.Map;
using ActorMon.Simulation.Tests.Judging;
using ActorMon.Simulation.Tests.Nodes;

namespace ActorMon.Simulation.Tests.World;

/// <summary>One run: builds the world from a seed, lets it run under faults, heals it, and has it judged.</summary>
public sealed class SimWorld
{
    private readonly Nemesis _nemesis;

    public SimWorld(SimulationOptions options)
    {
        Options = options;
        Chance = new Chance(options.Seed);
        Nodes = [.. Enumerable.Range(0, SimulationOptions.MaxNodes).Select(n => new SimNode(n, this))];
        Network = new Network(Schedule, Chance, Nodes);
        Journal = new Journal(PartitionMap.Create(Guid.Empty, SimulationOptions.Partitions, 1 + Chance.Below(3)));
        Cluster = new ClusterMembership(this);
        Judge = new Judge(this);
        _nemesis = new Nemesis(this);
    }

    public SimulationOptions Options { get; }

    public Chance Chance { get; }

    public Schedule Schedule { get; } = new();

    public Samples Samples { get; } = new();

    public IReadOnlyList<SimNode> Nodes { get; }

    public Network Network { get; }

    public Journal Journal { get; }

    public ClusterMembership Cluster { get; }

    public Judge Judge { get; }

    /// <summary>False once clients have stopped to write, so that copies can become equal.</summary>
    public bool IsWriting { get; private set; } = true;

    /// <summary>Set: each line says what happens; for looking at one seed.</summary>
    public Action<string>? Trace { get; init; }

    public bool Breaks(BrokenRule rule) => Options.Broken == rule;

    public static SimulationResult Run(SimulationOptions options, Action<string>? trace = null) => new SimWorld(options) { Trace = trace }.Run();

    private SimulationResult Run()
    {
        var first = 1 + Chance.Below(3);
        foreach (var node in Nodes.Take(first))
        {
            node.IsWanted = true;
            node.Start();
        }
        Cluster.Begin();
        Clients.Begin(this);
        _nemesis.Begin();
        Schedule.RunUntil(Options.FaultsMs, () => Judge.Violation is not null);
        _nemesis.HealAll();
        Trace?.Invoke($"{Schedule.Now} healed");
        Schedule.RunUntil(Options.FaultsMs + 10_000, () => Judge.Violation is not null);
        IsWriting = false;
        var end = Options.FaultsMs + Options.HealMs;
        while (Judge.Violation is null && !Judge.HasConverged() && Schedule.Now < end)
            Schedule.RunUntil(Schedule.Now + 500, () => Judge.Violation is not null);
        if (Judge.Violation is null)
            Judge.AtTheEnd();
        return new SimulationResult(
            Options.Seed, Judge.Violation, Judge.Acknowledged, Judge.CompleteReads, Judge.PartialReads, Schedule.Now - Options.FaultsMs, Schedule.Happened);
    }
}
