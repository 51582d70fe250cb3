using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Cluster;

/// <summary>/api/v1/status/cluster: nodes, copies, what moves, what is under-replicated and why, and the configuration. Answers before the node is ready.</summary>
public static class ClusterEndpoint
{
    /// <param name="port">Null: no route.</param>
    public static IEnumerable<Route> Routes(IClusterPort? port) =>
        port is null ? [] : [new("/api/v1/status/cluster", (context, _) => HandleAsync(context, port), false, "GET")];

    private static async Task HandleAsync(HttpContext context, IClusterPort port)
    {
        var status = await port.StatusAsync().ConfigureAwait(false);
        await ApiResponse.SuccessAsync(context, json => Write(json, status), context.RequestAborted).ConfigureAwait(false);
    }

    private static void Write(JsonOut json, ClusterStatus status)
    {
        json.Raw("{\"cluster\":"u8);
        json.String(status.Cluster.ToString());
        Text(json, "self", status.Self);
        Switch(json, "confirmed", status.Confirmed);
        Number(json, "mapVersion", status.MapVersion);
        json.Raw(",\"control\":"u8);
        Control(json, status.Control);
        Number(json, "partitions", status.Partitions);
        Number(json, "replicas", status.Replicas);
        Number(json, "replicasInForce", status.ReplicasInForce);
        Each(json, "nodes", status.Nodes, Node);
        Each(json, "underReplicated", status.UnderReplicated, UnderReplicated);
        Each(json, "moves", status.Moves, Move);
        json.Raw(",\"configuration\":"u8);
        Configuration(json, status.Configuration);
        json.Raw((byte)'}');
    }

    private static void Control(JsonOut json, ControlStatus? control)
    {
        if (control is null)
        {
            json.Raw("null"u8);
            return;
        }
        json.Raw("{\"mapVersion\":"u8);
        json.Number(control.MapVersion);
        Number(json, "journalBehind", control.Behind);
        Text(json, "journalError", control.JournalError);
        Text(json, "frozen", control.Frozen);
        json.Raw((byte)'}');
    }

    private static void Node(JsonOut json, ClusterNodeStatus node)
    {
        json.Raw("{\"id\":"u8);
        json.String(node.Id);
        Text(json, "incarnation", node.Incarnation);
        Text(json, "state", node.State);
        Text(json, "zone", node.Zone);
        Number(json, "weight", node.Weight);
        Text(json, "address", node.Address);
        Text(json, "linkAddress", node.LinkAddress);
        if (node.MapVersion is { } version)
            Number(json, "mapVersion", version);
        Number(json, "copies", node.Copies);
        Number(json, "inSync", node.InSync);
        if (node.ToHandOver is { } left)
            Number(json, "toHandOver", left);
        json.Raw((byte)'}');
    }

    private static void UnderReplicated(JsonOut json, UnderReplicated partition)
    {
        json.Raw("{\"partition\":"u8);
        json.Number((long)partition.Partition);
        Number(json, "inSync", partition.InSync);
        Number(json, "wanted", partition.Wanted);
        Switch(json, "complete", partition.Complete);
        Text(json, "reason", partition.Reason);
        json.Raw((byte)'}');
    }

    private static void Move(JsonOut json, CopyMove move)
    {
        json.Raw("{\"partition\":"u8);
        json.Number((long)move.Partition);
        Number(json, "slot", move.Slot);
        Text(json, "node", move.Node);
        Text(json, "state", move.State);
        json.Raw((byte)'}');
    }

    private static void Configuration(JsonOut json, ClusterConfiguration configuration)
    {
        json.Raw("{\"version\":"u8);
        json.Number(configuration.Version);
        Text(json, "hash", configuration.Hash);
        Text(json, "origin", configuration.Origin);
        Switch(json, "differs", configuration.Differs);
        Text(json, "problem", configuration.Problem);
        if (configuration.InForce is { } version)
            Number(json, "inForce", version);
        Text(json, "frozen", configuration.Frozen);
        Each(json, "nodes", configuration.Nodes, NodeConfiguration);
        json.Raw((byte)'}');
    }

    private static void NodeConfiguration(JsonOut json, NodeConfigurationStatus node)
    {
        json.Raw("{\"id\":"u8);
        json.String(node.Id);
        Number(json, "version", node.Version);
        Switch(json, "differs", node.Differs);
        Text(json, "problem", node.Problem);
        json.Raw((byte)'}');
    }

    private static void Each<T>(JsonOut json, string name, IReadOnlyList<T> items, Action<JsonOut, T> write)
    {
        Name(json, name);
        json.Raw((byte)'[');
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                json.Raw((byte)',');
            write(json, items[i]);
        }
        json.Raw((byte)']');
    }

    private static void Text(JsonOut json, string name, string? value)
    {
        Name(json, name);
        if (value is null)
            json.Raw("null"u8);
        else
            json.String(value);
    }

    private static void Number(JsonOut json, string name, long value)
    {
        Name(json, name);
        json.Number(value);
    }

    private static void Switch(JsonOut json, string name, bool value)
    {
        Name(json, name);
        json.Bool(value);
    }

    private static void Name(JsonOut json, string name)
    {
        json.Raw((byte)',');
        json.String(name);
        json.Raw((byte)':');
    }
}
