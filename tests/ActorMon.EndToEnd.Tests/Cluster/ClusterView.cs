using System.Text.Json;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <param name="State">up, unreachable, draining, stopping or away.</param>
/// <param name="InSync">Copies that may be read.</param>
public sealed record ViewedNode(string Id, string State, string LinkAddress, int Copies, int InSync);

/// <summary>What /api/v1/status/cluster of one node says.</summary>
/// <param name="Self">Id of the node that was asked.</param>
/// <param name="ControlVersion">Version of the map in force; null: Control does not answer.</param>
/// <param name="Trouble">Why the map cannot change, or what is wrong with its journal.</param>
/// <param name="UnderReplicated">By partition, why.</param>
/// <param name="Moves">Copies that are made or given up.</param>
public sealed record ClusterView(
    string Self, bool Confirmed, long MapVersion, long? ControlVersion, string? Trouble, IReadOnlyList<ViewedNode> Nodes, IReadOnlyDictionary<int, string> UnderReplicated, int Incomplete, int Moves)
{
    /// <summary>Those the map counts on, heard or not.</summary>
    public IEnumerable<ViewedNode> Up => Nodes.Where(n => n.State is "up" or "unreachable");

    public IEnumerable<ViewedNode> Unheard => Nodes.Where(n => n.State != "up");

    public static ClusterView Of(JsonElement data)
    {
        var control = data.GetProperty("control");
        var hasControl = control.ValueKind == JsonValueKind.Object;
        return new ClusterView(
            data.GetProperty("self").GetString()!, data.GetProperty("confirmed").GetBoolean(), data.GetProperty("mapVersion").GetInt64(),
            hasControl ? control.GetProperty("mapVersion").GetInt64() : null,
            hasControl ? control.GetProperty("frozen").GetString() ?? control.GetProperty("journalError").GetString() : null,
            [.. data.GetProperty("nodes").EnumerateArray().Select(n => new ViewedNode(
                n.GetProperty("id").GetString()!, n.GetProperty("state").GetString()!, n.GetProperty("linkAddress").GetString()!, n.GetProperty("copies").GetInt32(),
                n.GetProperty("inSync").GetInt32()))],
            data.GetProperty("underReplicated").EnumerateArray().ToDictionary(p => p.GetProperty("partition").GetInt32(), p => p.GetProperty("reason").GetString()!),
            data.GetProperty("underReplicated").EnumerateArray().Count(p => !p.GetProperty("complete").GetBoolean()), data.GetProperty("moves").GetArrayLength());
    }

    public override string ToString() =>
        $"map {MapVersion} of {ControlVersion?.ToString() ?? "nobody"}{(Confirmed ? "" : ", not confirmed")}, up {Up.Count()}/{Nodes.Count}, moves {Moves}, incomplete {Incomplete}, "
        + $"under-replicated {UnderReplicated.Count} {UnderReplicated.FirstOrDefault().Value} {Trouble}";
}
