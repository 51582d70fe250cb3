using ActorMon.Alerting.Acknowledgements;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;

namespace ActorMon.Api.Ports;

/// <summary>Who looks after which firing alert.</summary>
public interface IAcknowledgementPort
{
    /// <summary>In any order.</summary>
    ValueTask<Partial<IReadOnlyList<Acknowledgement>>> ListAsync(CancellationToken cancellation);

    /// <summary>Says who looks after the alert of exactly these labels. Null: done; else why not.</summary>
    /// <param name="until">When it ends at the latest; null: with the alert.</param>
    ValueTask<string?> AcknowledgeAsync(LabelSet labels, string owner, string comment, DateTimeOffset? until, CancellationToken cancellation);

    /// <summary>False: nobody looks after it.</summary>
    ValueTask<bool> ReleaseAsync(LabelSet labels, CancellationToken cancellation);
}
