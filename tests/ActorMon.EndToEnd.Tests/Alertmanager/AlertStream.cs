using System.Globalization;
using System.Text;

namespace ActorMon.EndToEnd.Tests.Alertmanager;

/// <summary>
/// Alerts that come, end and come again, made from a seed. Everything happens at whole slots; groups are flushed <see cref="GroupWait"/> after a slot and a slot apart from then on, so that
/// no event lies near a flush: what two Alertmanagers tell then does not hang on the milliseconds that one of them is slower.
/// </summary>
public sealed class AlertStream
{
    public const int Slots = 9;

    public static readonly TimeSpan Slot = TimeSpan.FromSeconds(8);
    public static readonly TimeSpan GroupWait = TimeSpan.FromSeconds(3);

    /// <summary>Two slots: an alert that is told without an end ends between two flushes as well.</summary>
    public static readonly TimeSpan ResolveTimeout = 2 * Slot;

    private readonly List<FlappingAlert> _alerts = [];

    public AlertStream(int seed)
    {
        var random = new Random(seed);
        foreach (var name in (string[])["Down", "Full", "Slow", "Lost"])
            foreach (var instance in (string[])["a", "b", "c"])
            {
                var isOn = new bool[Slots];
                for (var slot = 0; slot < Slots; slot++)
                    isOn[slot] = slot > 0 && isOn[slot - 1] ? random.Next(4) > 0 : random.Next(3) == 0;
                _alerts.Add(new FlappingAlert(
                    $$"""{"alertname":"{{name}}","instance":"{{instance}}","severity":"{{(random.Next(2) == 0 ? "page" : "warn")}}","team":"{{(random.Next(2) == 0 ? "x" : "y")}}"}""",
                    isOn, HasEnd: random.Next(3) > 0));
            }
    }

    /// <summary>The alerts that a sender tells at a slot: those that are on, again and again, and those that have just ended.</summary>
    /// <param name="start">Of slot 0.</param>
    public string At(int slot, DateTimeOffset start)
    {
        var now = start + (slot * Slot);
        var told = new List<string>();
        foreach (var alert in _alerts)
        {
            if (alert.IsOn[slot])
                told.Add(Alert(alert, slot, alert.HasEnd ? now + TimeSpan.FromMinutes(5) : null));
            else if (slot > 0 && alert.IsOn[slot - 1] && alert.HasEnd)
                told.Add(Alert(alert, slot - 1, now));
        }
        return "[" + string.Join(",\n", told) + "]";

        string Alert(FlappingAlert alert, int on, DateTimeOffset? end)
        {
            var first = on;
            while (first > 0 && alert.IsOn[first - 1])
                first--;
            var text = new StringBuilder($$"""{"labels":{{alert.Labels}},"startsAt":"{{Time(start + (first * Slot))}}" """);
            if (end is { } at)
                text.Append($""","endsAt":"{Time(at)}" """);
            return text.Append('}').ToString();
        }
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <param name="HasEnd">Its sender tells its end; otherwise it ends some time after it was last told.</param>
    private sealed record FlappingAlert(string Labels, bool[] IsOn, bool HasEnd);
}
