using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;

namespace ActorMon.Api.Ports;

/// <summary>A deletion that is not rewritten everywhere, so that it can still be undone in part or whole.</summary>
/// <param name="Min">Of the samples hidden, like <paramref name="Max"/> inclusive.</param>
/// <param name="Partitions">Partitions that still hold samples of it.</param>
public sealed record PendingDeletion(
    Guid Id, IReadOnlyList<IReadOnlyList<Matcher>> Selectors, TimestampMs Min, TimestampMs Max, DateTimeOffset Created, int Partitions);

/// <summary>Changes to what is stored. An error is null when all was done; else it says what was not.</summary>
public interface IStorageAdminPort
{
    /// <summary>Hides at once all samples of the series that match any selector, min &lt;= t &lt;= max.</summary>
    Task<string?> DeleteAsync(Guid id, IReadOnlyList<IReadOnlyList<Matcher>> selectors, TimestampMs min, TimestampMs max, CancellationToken cancellation);

    /// <summary>In order of creation.</summary>
    ValueTask<Partial<IReadOnlyList<PendingDeletion>>> DeletionsAsync(CancellationToken cancellation);

    /// <summary>Found false: no partition knows the deletion.</summary>
    Task<(bool Found, string? Error)> UndoAsync(Guid id, CancellationToken cancellation);

    /// <summary>Rewrites what holds deleted samples; then they and their names are gone from the disk.</summary>
    Task<string?> CleanAsync(CancellationToken cancellation);

    /// <summary>The name of the snapshot's directory below <c>snapshots</c> in the data directory.</summary>
    Task<(string? Name, string? Error)> SnapshotAsync(bool skipHead, CancellationToken cancellation);
}
