using ActorMon.Alerting.Silences;

namespace ActorMon.Alerting.Views;

/// <summary>A silence that ends soon.</summary>
/// <param name="Releases">Alerts that nothing will hold back once it has ended.</param>
public sealed record ExpiringSilence(Silence Silence, IReadOnlyList<AlertView> Releases)
{
    /// <param name="held">Alerts that are held back.</param>
    /// <returns>Active silences that end within the stretch, next to end first.</returns>
    public static IReadOnlyList<ExpiringSilence> Of(IEnumerable<Silence> silences, IReadOnlyList<AlertView> held, DateTimeOffset now, TimeSpan within) =>
    [
        .. silences.Where(silence => silence.StateAt(now) == SilenceState.Active && silence.EndsAt - now <= within)
            .OrderBy(silence => silence.EndsAt).ThenBy(silence => silence.Id, StringComparer.Ordinal)
            .Select(silence => new ExpiringSilence(silence, [.. held.Where(view => view.Status is { InhibitedBy: [], SilencedBy: [var only] } && only == silence.Id)])),
    ];
}
