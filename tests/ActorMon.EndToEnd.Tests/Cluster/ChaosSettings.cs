using System.Globalization;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>Sizes of a run, from the environment (scripts/chaos.sh sets them); small by default.</summary>
public static class ChaosSettings
{
    public static int Kills => Integer("ACTORMON_CLUSTER_KILLS", 5);
    public static int Targets => Integer("ACTORMON_TARGETS", 24);
    public static int SeriesPerTarget => Integer("ACTORMON_SERIES", 20);
    public static string Interval => Environment.GetEnvironmentVariable("ACTORMON_INTERVAL") ?? "1s";

    /// <summary>Least time between two kills.</summary>
    public static TimeSpan Period => TimeSpan.FromSeconds(Integer("ACTORMON_PERIOD", 10));

    /// <summary>How long every second killed node stays away: beyond its removal by the others.</summary>
    public static TimeSpan Absence => TimeSpan.FromSeconds(Integer("ACTORMON_ABSENCE", 15));

    /// <summary>How long a disturbance lasts.</summary>
    public static TimeSpan Disturbance => TimeSpan.FromSeconds(Integer("ACTORMON_DISTURBANCE", 20));

    public static int Seed => Integer("ACTORMON_SEED", 1);

    private static int Integer(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
