using System.Globalization;

namespace ActorMon.EndToEnd.Tests.Alerts;

/// <summary>The time of nodes whose clock is accelerated (actormon.test.clock-rate), as they see it themselves.</summary>
public sealed class FastClock(int rate)
{
    private readonly DateTimeOffset _origin = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

    public int Rate => rate;

    /// <summary>The block of node settings.</summary>
    public string Hocon => string.Create(CultureInfo.InvariantCulture, $"actormon.test {{ enabled = on, clock-rate = {rate}, clock-origin = \"{_origin:yyyy-MM-ddTHH:mm:ssZ}\" }}");

    public DateTimeOffset Now => _origin + ((TimeProvider.System.GetUtcNow() - _origin) * rate);

    public async Task UntilAsync(DateTimeOffset time, CancellationToken cancellation = default)
    {
        while (time - Now is var rest && rest > TimeSpan.Zero)
            await Task.Delay((rest / rate) + TimeSpan.FromMilliseconds(1), cancellation);
    }
}
