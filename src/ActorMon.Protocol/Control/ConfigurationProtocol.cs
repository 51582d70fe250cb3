using ActorMon.Replication.Map;
using Akka.Event;

namespace ActorMon.Protocol.Control;

/// <summary>
/// Between the configuration registry in Control and the ConfigurationKeeper of every node. All of it crosses nodes. Contents travel in pieces that the side which lacks them
/// asks for one after the other, so a large configuration never fills a link.
/// </summary>
public static class ConfigurationProtocol
{
    /// <summary>Bytes of content in one message at most.</summary>
    public const int PieceBytes = 48 * 1024;

    /// <summary>Told to Control, meant for the registry in it.</summary>
    public interface IToConfigurationRegistry;

    /// <summary>Content by its hash. Whoever has it sends it, the other side asks for its pieces.</summary>
    /// <param name="Bytes">Length of the bundle.</param>
    public readonly record struct ContentName(string Hash, int Bytes);

    /// <summary>A node wants its files to become the next version. Answered with <see cref="ProposalDone"/>.</summary>
    public sealed record Propose(NodeIncarnation From, long Correlation, ContentName Content) : IToConfigurationRegistry;

    /// <param name="Error">Null: the version is in force on every member, or was already.</param>
    public sealed record ProposalDone(long Correlation, string? Error) : IDeadLetterSuppression;

    public sealed record GetPiece(string Hash, int Offset) : IToConfigurationRegistry, IDeadLetterSuppression;

    /// <param name="Content">Empty: there is no such content any more.</param>
    public sealed record Piece(string Hash, int Offset, ReadOnlyMemory<byte> Content) : IToConfigurationRegistry, IDeadLetterSuppression
    {
        public bool Equals(Piece? other) => other is not null && (Hash, Offset) == (other.Hash, other.Offset) && Content.Span.SequenceEqual(other.Content.Span);

        public override int GetHashCode() => HashCode.Combine(Hash, Offset);
    }

    /// <summary>Asks a node whether it can use a configuration; answered with <see cref="Prepared"/>.</summary>
    /// <param name="Strict">Files with secrets must be readable there.</param>
    public sealed record Prepare(ContentName Content, bool Strict) : IDeadLetterSuppression;

    /// <param name="Error">Null: the node can use it.</param>
    public sealed record Prepared(NodeIncarnation By, string Hash, string? Error) : IToConfigurationRegistry, IDeadLetterSuppression;

    /// <summary>The version in force.</summary>
    /// <param name="Origin">The node whose files it is.</param>
    public sealed record InForce(long Number, string Origin, ContentName Content) : IDeadLetterSuppression;

    /// <summary>Told to Control once a second and after each change: what a node uses.</summary>
    /// <param name="Number">0: nothing yet.</param>
    /// <param name="Differs">The node's own files are not those of the version it uses.</param>
    /// <param name="Problem">Null, or why the node does not use the version in force.</param>
    public sealed record KeeperConfiguration(NodeIncarnation Node, long Number, string Hash, bool Differs, string? Problem) : IToConfigurationRegistry, IDeadLetterSuppression;

    public sealed record GetConfigurationStatus : IToConfigurationRegistry
    {
        public static readonly GetConfigurationStatus Instance = new();
    }

    /// <param name="Number">In force; 0: none yet.</param>
    /// <param name="Frozen">Null, or why the configuration cannot change now.</param>
    public sealed record ConfigurationStatus(long Number, string Hash, string Origin, string? Frozen, IReadOnlyList<KeeperConfiguration> Nodes) : IDeadLetterSuppression
    {
        public bool Equals(ConfigurationStatus? other) =>
            other is not null && (Number, Hash, Origin, Frozen) == (other.Number, other.Hash, other.Origin, other.Frozen) && Nodes.SequenceEqual(other.Nodes);

        public override int GetHashCode() => Number.GetHashCode();
    }
}
