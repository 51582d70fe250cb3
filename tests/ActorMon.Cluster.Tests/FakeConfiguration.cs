using System.Text;
using ActorMon.Actors.Control.Configurations;
using ActorMon.Replication.Configurations;

namespace ActorMon.Cluster.Tests;

/// <summary>A node's configuration as one text, which is also its hash.</summary>
internal sealed class FakeConfiguration(string text = "first") : INodeConfiguration
{
    private volatile string _text = text;
    private volatile string? _refusal;

    public string Text { get => _text; set => _text = value; }

    /// <summary>What this node finds wrong with any configuration that it is to check strictly.</summary>
    public string? Refusal { get => _refusal; set => _refusal = value; }

    public string? Prepare(string hash, ReadOnlyMemory<byte> bundle, bool strict) =>
        Encoding.UTF8.GetString(bundle.Span) != hash ? "damaged" : strict ? Refusal : null;

    public string? Install(ConfigurationVersion version) => null;

    public string OwnHash() => Text;

    public (string Hash, ReadOnlyMemory<byte> Bundle)? Own() => (Text, Encoding.UTF8.GetBytes(Text));
}
