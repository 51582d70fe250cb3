using ActorMon.Model.Exemplars;
using ActorMon.Model.Histograms;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;

namespace ActorMon.Tsdb.Tests;

/// <summary>
/// Random batches as senders make them: layouts that grow, lose and regain series, end and are replaced; loose samples of own and of layout series, late and doubled;
/// native histograms, exemplars, metadata. One writer, numbered from 1.
/// </summary>
internal sealed class Workload(int seed)
{
    public static readonly WriterId Writer = new(0xABCD);
    public static readonly PartitionId Partition = new(3);
    public const long Start = 1_700_000_000_000;

    private sealed class Target(int number)
    {
        public readonly int Number = number;
        public LayoutId Layout;
        public readonly List<LabelSet> Slots = [];
        public int Acknowledged;
        public ulong Hash;
        public int NextSeries;
        public double[] Values = [];
        public long Time = Start;
    }

    private readonly Random _random = new(seed);
    private readonly List<Target> _targets = [];
    private readonly Dictionary<SampleBatch, Target> _senders = [];
    private uint _layouts;
    private long _numbers;

    /// <summary>Every batch that was given a number, in order; not all are acknowledged.</summary>
    public List<SampleBatch> Numbered { get; } = [];

    public SampleBatch Next()
    {
        if (_targets.Count < 4 || _random.Next(60) == 0)
            _targets.Add(NewTarget(_targets.Count));
        var columns = _random.Next(10) < 8;
        var target = columns ? _targets[_random.Next(_targets.Count)] : null;
        var batch = new SampleBatch
        {
            Writer = Writer,
            Number = ++_numbers,
            Partition = Partition,
            Columns = target is null ? null : Columns(target),
            Loose = target is null || _random.Next(4) == 0 ? Loose() : [],
            Exemplars = _random.Next(10) == 0 ? [new SeriesExemplar(LooseLabels(), new Exemplar(LabelSet.Of("trace_id", _numbers.ToString()), _random.Next(100), new TimestampMs(Start + _numbers)))] : [],
            Metadata = _random.Next(10) == 0 ? [new FamilyMetadata($"family_{_random.Next(5)}", new MetricMetadata(MetricType.Counter, $"help {_random.Next(3)}", ""))] : [],
        };
        if (target is not null)
            _senders[batch] = target;
        Numbered.Add(batch);
        return batch;
    }

    /// <summary>Gives a batch from elsewhere its place among those of this writer.</summary>
    public SampleBatch Add(SampleBatch batch)
    {
        batch.Number = ++_numbers;
        Numbered.Add(batch);
        return batch;
    }

    /// <summary>The partition has it: later batches need not register its slots again.</summary>
    public void Acknowledge(SampleBatch batch)
    {
        if (!_senders.Remove(batch, out var target) || target.Layout != batch.Columns!.Layout)
            return;
        target.Acknowledged = Math.Max(target.Acknowledged, batch.Columns.SlotCount);
    }

    /// <summary>The partition does not know the layout: the batch is taken back, its number is free, the target registers anew.</summary>
    public void Reject(SampleBatch batch)
    {
        Numbered.RemoveAll(b => b == batch);
        _numbers = batch.Number - 1;
        if (_senders.Remove(batch, out var target))
            Renew(target);
    }

    private Target NewTarget(int number)
    {
        var target = new Target(number);
        Renew(target);
        for (var i = _random.Next(1, 90); i > 0; i--)
            Grow(target);
        return target;
    }

    private void Renew(Target target)
    {
        target.Layout = new LayoutId(Writer, ++_layouts);
        target.Acknowledged = 0;
    }

    private void Grow(Target target)
    {
        var labels = LabelSet.Of("__name__", $"m{target.NextSeries % 7}", "job", "test", "instance", $"i{target.Number}", "n", $"{target.NextSeries}", "ü", "ß☃");
        target.NextSeries++;
        target.Slots.Add(labels);
        target.Hash = LayoutHash.Append(target.Hash, StableHash.Of(labels));
        Array.Resize(ref target.Values, target.Slots.Count);
    }

    private LayoutColumns Columns(Target target)
    {
        if (_random.Next(20) == 0)
            Renew(target);
        if (_random.Next(6) == 0)
            Grow(target);
        var ended = _random.Next(40) == 0;
        // Mostly in order; now and then late or at a time that was before.
        var time = _random.Next(25) switch
        {
            0 => target.Time - _random.Next(200_000),
            1 => target.Time,
            _ => target.Time += 15_000 + _random.Next(-3, 4),
        };
        var values = new double[target.Slots.Count];
        var missing = _random.Next(3) == 0 ? new ulong[(values.Length + 63) / 64] : [];
        for (var slot = 0; slot < values.Length; slot++)
        {
            target.Values[slot] = Value(slot, target.Values[slot]);
            values[slot] = ended ? SpecialValues.StaleNaN : target.Values[slot];
            if (missing.Length > 0 && _random.Next(5) == 0)
                missing[slot >> 6] |= 1UL << slot;
        }
        return new LayoutColumns
        {
            Layout = target.Layout,
            SlotCount = values.Length,
            ContentHash = target.Hash,
            FirstNewSlot = target.Acknowledged,
            NewSeries = [.. target.Slots.Skip(target.Acknowledged)],
            Timestamp = new TimestampMs(time),
            Values = values,
            Missing = missing,
        };
    }

    private LooseSample[] Loose()
    {
        if (_random.Next(3) == 0)
            return LooseRuns();
        var samples = new LooseSample[_random.Next(1, 12)];
        for (var i = 0; i < samples.Length; i++)
        {
            var time = new TimestampMs(Start + _random.Next(3_000) * 1_000L);
            samples[i] = _random.Next(6) == 0
                ? new LooseSample(LooseLabels(), time, 0, Histogram())
                : new LooseSample(LooseLabels(), time, _random.Next(30) == 0 ? SpecialValues.StaleNaN : Value(i, 3));
        }
        return samples;
    }

    /// <summary>As a remote writer catches up: many samples of a series at once, mostly in order, series after series with the same times.</summary>
    private LooseSample[] LooseRuns()
    {
        var samples = new List<LooseSample>();
        var (from, count, kind) = (_random.Next(3_000), _random.Next(1, 40), _random.Next(7));
        if (_random.Next(10) == 0)
            count = _random.Next(100, 300);
        for (var series = _random.Next(1, 4); series > 0; series--)
        {
            var labels = LooseLabels();
            var value = 0.0;
            for (var i = 0; i < count; i++)
            {
                var time = new TimestampMs(Start + (_random.Next(200) == 0 ? _random.Next(3_000) : from + i) * 1_000L);
                value = kind == 6 ? value : Value(kind, value);
                samples.Add(_random.Next(60) == 0 ? new LooseSample(labels, time, 0, Histogram()) : new LooseSample(labels, time, _random.Next(60) == 0 ? SpecialValues.StaleNaN : value));
            }
        }
        return [.. samples];
    }

    private LabelSet LooseLabels()
    {
        if (_random.Next(4) == 0)
        {
            var target = _targets[_random.Next(_targets.Count)];
            return target.Slots[_random.Next(target.Slots.Count)];
        }
        return LabelSet.Of("__name__", "loose", "k", $"{_random.Next(25)}");
    }

    private NativeHistogram Histogram()
    {
        var count = _random.Next(1, 1_000_000);
        return new NativeHistogram
        {
            Schema = 3,
            Count = count,
            Sum = _random.NextDouble(),
            ZeroThreshold = 0.001,
            PositiveSpans = [new BucketSpan(-2, 2)],
            PositiveBuckets = [count - 1, 1],
        };
    }

    private double Value(int slot, double before) => (slot % 6) switch
    {
        0 => slot,
        1 => before + _random.Next(5),
        2 => Math.Round(_random.NextDouble() * 100, 2),
        3 => _random.NextDouble(),
        4 => BitConverter.Int64BitsToDouble(_random.NextInt64(long.MinValue, long.MaxValue)),
        _ => _random.Next(4) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => -0.0, _ => -before },
    };
}
