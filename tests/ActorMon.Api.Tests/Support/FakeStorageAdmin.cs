using ActorMon.Api.Ports;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;

namespace ActorMon.Api.Tests.Support;

/// <summary>Remembers what it was asked to change.</summary>
internal sealed class FakeStorageAdmin : IStorageAdminPort
{
    public List<string> Calls { get; } = [];
    public List<(Guid Id, IReadOnlyList<IReadOnlyList<Matcher>> Selectors, TimestampMs Min, TimestampMs Max)> Deleted { get; } = [];
    public List<PendingDeletion> Pending { get; } = [];
    public string? Error { get; set; }

    public Task<string?> DeleteAsync(Guid id, IReadOnlyList<IReadOnlyList<Matcher>> selectors, TimestampMs min, TimestampMs max, CancellationToken cancellation)
    {
        Calls.Add("delete");
        Deleted.Add((id, selectors, min, max));
        return Task.FromResult(Error);
    }

    public ValueTask<Partial<IReadOnlyList<PendingDeletion>>> DeletionsAsync(CancellationToken cancellation) =>
        ValueTask.FromResult(new Partial<IReadOnlyList<PendingDeletion>>(Pending));

    public Task<(bool Found, string? Error)> UndoAsync(Guid id, CancellationToken cancellation)
    {
        Calls.Add("undo");
        return Task.FromResult((Pending.RemoveAll(d => d.Id == id) > 0, Error));
    }

    public Task<string?> CleanAsync(CancellationToken cancellation)
    {
        Calls.Add("clean");
        return Task.FromResult(Error);
    }

    public Task<(string? Name, string? Error)> SnapshotAsync(bool skipHead, CancellationToken cancellation)
    {
        Calls.Add($"snapshot {skipHead}");
        return Task.FromResult((Error is null ? "20231114T221320Z-5" : null, Error));
    }
}
