using System.Diagnostics;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>Waits for something another process does. A timeout is missing evidence: it says what was waited for and what was last seen.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task Async(string what, Func<Task<bool>> holds, TimeSpan timeout)
    {
        var clock = Stopwatch.StartNew();
        Exception? last = null;
        while (clock.Elapsed < timeout)
        {
            try
            {
                if (await holds())
                    return;
                last = null;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                last = e;
            }
            await Task.Delay(Pause);
        }
        throw new TimeoutException($"not seen within {timeout.TotalSeconds:0} s: {what}{(last is null ? "" : " (" + last.Message + ")")}");
    }

    public static async Task<T> ValueAsync<T>(string what, Func<Task<T?>> read, TimeSpan timeout) where T : struct
    {
        T? seen = null;
        await Async(what, async () => (seen = await read()) is not null, timeout);
        return seen!.Value;
    }
}
