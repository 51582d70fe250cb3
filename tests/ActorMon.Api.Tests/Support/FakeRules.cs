using ActorMon.Api.Ports;
using ActorMon.Model.Reading;

namespace ActorMon.Api.Tests.Support;

/// <summary>Rule groups and past transitions as a test says.</summary>
internal sealed class FakeRules : IRulesPort
{
    public List<KnownGroup> Groups { get; } = [];
    public List<PastTransition> Past { get; } = [];

    /// <summary>Nodes that do not answer.</summary>
    public IReadOnlyList<string> Silent { get; set; } = [];

    public ValueTask<Partial<IReadOnlyList<KnownGroup>>> GroupsAsync(CancellationToken cancellation) => ValueTask.FromResult(new Partial<IReadOnlyList<KnownGroup>>(Groups, Silent));

    public ValueTask<Partial<IReadOnlyList<PastTransition>>> HistoryAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        ValueTask.FromResult(new Partial<IReadOnlyList<PastTransition>>([.. Past.Where(p => p.Evaluation >= from && p.Evaluation <= to)], Silent));
}
