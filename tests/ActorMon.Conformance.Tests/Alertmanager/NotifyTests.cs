using System.Text.Json;
using ActorMon.Alerting.Notifications;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Alertmanager;

public sealed class NotifyTests
{
    private static JsonElement Data => Kit.File("notify.json");

    [ConformanceFact]
    public void The_log_tells_whether_to_notify()
    {
        var run = new ConformanceRun("alertmanager/notify", "dedup");
        foreach (var @case in Data.GetProperty("dedup").EnumerateArray())
            run.Case(Kit.Text(@case, "note"), () =>
            {
                var repeat = @case.TryGetProperty("repeat", out var duration) ? Kit.Duration(duration) : TimeSpan.Zero;
                var resolve = @case.TryGetProperty("resolve", out var flag) && flag.GetBoolean();
                var reason = Deduplication.Decide(Entry(@case.GetProperty("entry")), Hashes(@case, "firingAlerts"), Hashes(@case, "resolvedAlerts"), repeat, resolve, Kit.Now);
                Assert.Equal(@case.GetProperty("res").GetBoolean(), reason != NotificationReason.None);
            });
        run.Finish(11);
    }

    [ConformanceFact]
    public void An_answer_tells_whether_to_retry()
    {
        var run = new ConformanceRun("alertmanager/notify", "retrier");
        foreach (var @case in Data.GetProperty("retrier").EnumerateArray())
            run.Case(@case.ToString(), () =>
            {
                var retrier = @case.GetProperty("retrier");
                int[] codes = retrier.TryGetProperty("RetryCodes", out var list) ? [.. list.EnumerateArray().Select(code => code.GetInt32())] : [];
                var body = @case.TryGetProperty("body", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
                // The case with a details function quotes the body in words of its own.
                var detail = retrier.TryGetProperty("CustomDetailsFunc", out _) ? $"server response is \"{body}\"" : body;
                var outcome = SendOutcome.OfStatus(@case.GetProperty("status").GetInt32(), detail, codes);
                Assert.Equal(@case.GetProperty("retry").GetBoolean(), outcome.Retry);
                Assert.Equal(Kit.Text(@case, "expectedErr"), outcome.Error ?? "");
            });
        run.Finish(8);
    }

    [ConformanceFact]
    public void Failures_have_reasons()
    {
        var run = new ConformanceRun("alertmanager/notify", "failureReason");
        foreach (var @case in Data.GetProperty("failureReason").EnumerateArray())
            run.Case(@case.ToString(), () => Assert.Equal(Kit.Text(@case, "expected"), SendOutcome.FailureReason(@case.GetProperty("statusCode").GetInt32())));
        run.Finish(9);
    }

    [ConformanceFact]
    public void Texts_are_cut()
    {
        var run = new ConformanceRun("alertmanager/notify", "truncate");
        foreach (var @case in Data.GetProperty("truncate").EnumerateArray())
            run.Case(@case.ToString(), () =>
            {
                var (text, max) = (Kit.Text(@case, "in"), @case.GetProperty("n").GetInt32());
                Expect(@case.GetProperty("runes"), Truncation.InCharacters(text, max, out var cut), cut);
                Expect(@case.GetProperty("bytes"), Truncation.InBytes(text, max, out cut), cut);
            });
        run.Finish(9);
    }

    private static void Expect(JsonElement expected, string text, bool cut) =>
        Assert.Equal((Kit.Text(expected, "out"), expected.GetProperty("trunc").GetBoolean()), (text, cut));

    private static NotificationLogEntry? Entry(JsonElement entry)
    {
        if (entry.ValueKind == JsonValueKind.Null)
            return null;
        DateTimeOffset? sent = entry.TryGetProperty("Timestamp", out var at) && at.TryGetProperty("durationNs", out _) ? Kit.Now + Kit.Duration(at) : null;
        return new NotificationLogEntry(sent, Hashes(entry, "FiringAlerts"), Hashes(entry, "ResolvedAlerts"));
    }

    private static HashSet<ulong> Hashes(JsonElement holder, string name)
    {
        if (!holder.TryGetProperty(name, out var value))
            return [];
        if (value.ValueKind == JsonValueKind.Object)
            value = value.GetProperty("args");
        return value.ValueKind switch
        {
            JsonValueKind.Array => [.. value.EnumerateArray().Select(hash => hash.GetUInt64())],
            // A number alone is a set of one.
            _ => [value.GetUInt64()],
        };
    }
}
