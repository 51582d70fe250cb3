using System.Globalization;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Benchmarks.Tsdb;

/// <summary>
/// The comparison kit's synthetic fleet (../shared/bench): targets of blocks of 50 series, 12 request counters, a classic histogram, queue and memory gauges,
/// CPU counters, ratios, a timestamp, constants. Every value is a function of seed, target, series and time: the same numbers as the kit sends.
/// </summary>
internal sealed class Fleet(int targets, int seriesOfTarget, int seed = 1)
{
    public const int BlockSeries = 50;
    public const int StepSeconds = 15;

    private static readonly string[] Services = ["checkout", "cart", "search", "payments", "auth", "catalog", "shipping", "frontend"];
    private static readonly string[] Regions = ["eu-west-1", "us-east-1", "us-west-2", "ap-south-1"];
    private static readonly string[] Environments = ["prod", "prod", "prod", "staging", "dev"];
    private static readonly string[] Handlers =
    [
        "/", "/login", "/logout", "/api/v1/items", "/api/v1/items/:id", "/api/v1/orders", "/api/v1/orders/:id", "/api/v1/users", "/api/v1/users/:id",
        "/api/v1/search", "/healthz", "/static/*",
    ];
    private static readonly string[] Methods = ["GET", "POST", "DELETE"];
    private static readonly string[] Codes = ["200", "404", "500", "503"];
    private static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, double.PositiveInfinity];
    private static readonly string[] BoundTexts = ["0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0", "+Inf"];
    private static readonly string[] Areas = ["heap", "stack", "mmap", "native"];
    private static readonly string[] Limits = ["conns", "rps", "queue", "heap", "fds", "threads", "timeout", "retries", "batch", "cache"];
    private static readonly double[] LimitValues = [10, 100, 1000, 512, 1024, 65536];

    public enum Kind
    {
        Constant,
        Count,
        Bucket,
        Sum,
        Cpu,
        Queue,
        Memory,
        Ratio,
        Stamp,
    }

    /// <summary>One series: what it is called and what its values are made of.</summary>
    public sealed record Series(LabelSet Labels, Kind Kind, ulong Hash, double A, double B, double C, double D, double Swing, double Reset);

    public int Targets => targets;

    /// <summary>The series of one target, as they would be exposed.</summary>
    public IEnumerable<Series> Of(int target)
    {
        for (var i = 0; i < seriesOfTarget; i++)
            yield return Make(target, i / BlockSeries, i % BlockSeries);
    }

    /// <summary>Replaces the buffer's content with the samples from start (s) on, one each 15 s; times in ms.</summary>
    public static void Fill(Series series, long start, int samples, SampleBuffer into)
    {
        into.Clear();
        for (var i = 0; i < samples; i++)
        {
            var seconds = (double)i * StepSeconds;
            into.Add((start + (long)i * StepSeconds) * 1000, Value(series, seconds));
        }
    }

    private static ulong Mix(ulong x)
    {
        unchecked
        {
            x += 0x9e3779b97f4a7c15;
            x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
            x = (x ^ x >> 27) * 0x94d049bb133111eb;
            return x ^ x >> 31;
        }
    }

    private static double Unit(ulong x) => (x >> 11) / (double)(1UL << 53);

    private static double Noise(ulong hash, long k) => Unit(Mix(hash ^ unchecked((ulong)k * 0x2545f4914f6cdd1d)));

    private static double LogUniform(ulong hash, ulong k, double low, double high) => low * Math.Pow(high / low, Unit(Mix(hash ^ k)));

    private ulong BlockHash(int target, int block) => unchecked(Mix(Mix(Mix((ulong)seed) + (ulong)target) + (ulong)block));

    private Series Make(int target, int block, int index)
    {
        var blockHash = BlockHash(target, block);
        var hash = Mix(blockHash ^ unchecked((ulong)(index + 1) * 0x9e3779b97f4a7c15));
        var swing = Math.Tau / LogUniform(hash, 3, 300, 7200);
        var reset = blockHash % 10 == 0 ? 60.0 * (60 + (blockHash >> 8) % 120) : 0;
        var labels = Labels(target, block, index, blockHash);
        Series Simple(Kind kind, double a) => new(labels, kind, hash, a, 0, 0, 0, swing, reset);
        switch (index)
        {
            case < 12:
                return Codes[index % 4] switch
                {
                    "503" => Simple(Kind.Constant, Mix(hash) % 20),
                    "500" when index > 7 => Simple(Kind.Constant, Mix(hash) % 5),
                    "200" => Simple(Kind.Count, LogUniform(hash, 1, 0.5, 300)),
                    "404" => Simple(Kind.Count, LogUniform(hash, 1, 0.05, 5)),
                    _ => Simple(Kind.Count, LogUniform(hash, 1, 0.005, 1)),
                };
            case < 26:
                var shared = Mix(blockHash ^ 99);
                double fast = LogUniform(shared, 3, 0.008, 0.08), slow = LogUniform(shared, 4, 0.2, 2);
                var (kind, c, d) = (index - 12) switch
                {
                    12 => (Kind.Sum, fast, slow),
                    13 => (Kind.Bucket, 1, 1),
                    var i => (Kind.Bucket, 1 - Math.Exp(-(Bounds[i] / fast)), 1 - Math.Exp(-(Bounds[i] / slow))),
                };
                return new Series(labels, kind, shared, LogUniform(shared, 1, 1, 200), LogUniform(shared, 2, 0.1, 20), c, d,
                    Math.Tau / LogUniform(shared, 5, 600, 7200), reset);
            case < 30:
                return Simple(Kind.Queue, LogUniform(hash, 1, 5, 2000));
            case < 34:
                return Simple(Kind.Memory, LogUniform(hash, 1, 2e6, 2e9));
            case < 36:
                return Simple(Kind.Cpu, LogUniform(hash, 1, 0.01, 1.5));
            case < 38:
                return Simple(Kind.Ratio, 0);
            case 38:
                return Simple(Kind.Stamp, Math.Floor(LogUniform(hash, 1, 30, 600)));
            case 39:
                return Simple(Kind.Constant, 1);
            default:
                return Simple(Kind.Constant, LimitValues[Mix(hash) % 6]);
        }
    }

    private static LabelSet Labels(int target, int block, int index, ulong blockHash)
    {
        var service = Services[block % 8];
        var handler = Handlers[(blockHash >> 20) % 12];
        List<string> labels =
        [
            "service", service, "env", Environments[target % 5], "region", Regions[target % 4], "job", "load",
            "instance", string.Create(CultureInfo.InvariantCulture, $"t{target:D4}"),
            "pod", string.Create(CultureInfo.InvariantCulture, $"{service}-{block}-{Mix(blockHash) & 0xffffff:x6}"),
        ];
        labels.AddRange(index switch
        {
            < 12 => ["__name__", "http_requests_total", "handler", handler, "method", Methods[index / 4], "code", Codes[index % 4]],
            < 24 => ["__name__", "http_request_duration_seconds_bucket", "handler", handler, "le", BoundTexts[index - 12]],
            24 => ["__name__", "http_request_duration_seconds_sum", "handler", handler],
            25 => ["__name__", "http_request_duration_seconds_count", "handler", handler],
            < 30 => ["__name__", "queue_depth", "queue", $"q{index - 26}"],
            < 34 => ["__name__", "process_memory_bytes", "area", Areas[index - 30]],
            < 36 => ["__name__", "process_cpu_seconds_total", "mode", index == 34 ? "user" : "system"],
            < 38 => ["__name__", "cache_hit_ratio", "cache", index == 36 ? "l1" : "l2"],
            38 => ["__name__", "last_success_timestamp_seconds"],
            39 => ["__name__", "build_info", "version", $"1.{(blockHash >> 8) % 5}.{blockHash % 10}", "commit", ((uint)blockHash).ToString("x8", CultureInfo.InvariantCulture)],
            _ => ["__name__", "config_limit", "limit", Limits[index - 40]],
        });
        return LabelSet.Of([.. labels]);
    }

    private static double Value(Series s, double seconds)
    {
        var since = s.Reset > 0 ? seconds % s.Reset : seconds;
        switch (s.Kind)
        {
            case Kind.Constant:
                return s.A;
            case Kind.Count:
                return Math.Truncate(Counter(s, s.Hash, s.A, since));
            case Kind.Bucket:
                return Math.Truncate(Math.Floor(Counter(s, s.Hash, s.A, since)) * s.C) + Math.Truncate(Math.Floor(Counter(s, ~s.Hash, s.B, since)) * s.D);
            case Kind.Sum:
                return Math.Truncate(1e6 * (Math.Floor(Counter(s, s.Hash, s.A, since)) * s.C + Math.Floor(Counter(s, ~s.Hash, s.B, since)) * s.D)) / 1e6;
            case Kind.Cpu:
                return Math.Truncate(100 * Counter(s, s.Hash, s.A, since)) / 100;
            case Kind.Queue:
                return Math.Truncate(s.A * Math.Max(Walk(s, seconds) - 0.25, 0));
            case Kind.Memory:
                return Math.Truncate(s.A * (0.5 + Walk(s, seconds)) / 4096) * 4096;
            case Kind.Ratio:
                return Math.Truncate(1e4 * (0.5 + 0.5 * Walk(s, seconds))) / 1e4;
            default:
                return Math.Floor(seconds / s.A) * s.A;
        }
    }

    /// <summary>A line, noise for each step that never lets it fall, and a slow swing of the rate.</summary>
    private static double Counter(Series s, ulong hash, double rate, double seconds)
    {
        var step = Math.Floor(seconds / StepSeconds);
        return rate * StepSeconds * (step + 0.4 * Noise(hash, (long)step)) + 0.5 * rate / s.Swing * (1 + Math.Sin(s.Swing * seconds + (hash & 7)));
    }

    /// <summary>A random walk in [0, 1) that can be asked at any time.</summary>
    private static double Walk(Series s, double seconds)
    {
        double value = 0;
        for (var i = 0; i < 3; i++)
        {
            var (scale, weight) = i switch { 0 => (1800.0, 0.55), 1 => (240.0, 0.30), _ => (30.0, 0.15) };
            var x = seconds / scale;
            var whole = Math.Floor(x);
            var hash = unchecked(s.Hash + (ulong)i);
            value += weight * (Noise(hash, (long)whole) * (1 - (x - whole)) + Noise(hash, (long)whole + 1) * (x - whole));
        }
        return value;
    }
}
