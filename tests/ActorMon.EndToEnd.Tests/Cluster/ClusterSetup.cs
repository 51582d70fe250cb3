namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>What all nodes of a cluster have in common.</summary>
/// <param name="Configuration">The prometheus.yml of every node; <c>{port}</c> stands for the node's own port.</param>
public sealed record ClusterSetup(string Configuration)
{
    /// <summary>R.</summary>
    public int Replicas { get; init; } = 2;

    /// <summary>P.</summary>
    public int Partitions { get; init; } = 32;

    /// <summary>HOCON over every node's own settings.</summary>
    public string Hocon { get; init; } = "";

    /// <summary>Further flags of every node.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>Done with each new node before its first start.</summary>
    public Action<ClusterMember> Prepare { get; init; } = _ => { };

    /// <summary>Nodes reach each other through a network that a test can cut.</summary>
    public bool HasNetwork { get; init; }

    /// <summary>The shared journal: one SQLite file, or a PostgreSQL that the scene starts ($ACTORMON_JOURNAL=postgresql).</summary>
    public bool OnPostgres { get; init; } = Environment.GetEnvironmentVariable("ACTORMON_JOURNAL") == "postgresql";
}
