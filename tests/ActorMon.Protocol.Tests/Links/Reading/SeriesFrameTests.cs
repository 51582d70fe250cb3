using System.Globalization;
using System.Text;
using ActorMon.Model.Bytes;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Reading;

namespace ActorMon.Protocol.Tests.Links.Reading;

public sealed class SeriesFrameTests
{
    [Fact]
    public void Series_come_back_bit_for_bit_however_they_are_cut_into_frames()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var series = RandomSeries.Of(seed);
            var reader = new SeriesFrameReader();
            foreach (var frame in Frames(series, new Random(seed)))
                Assert.True(reader.Read(frame), $"seed {seed}");
            Assert.Equal(series.Select(s => Text(s.Labels, s.Samples)), Enumerable.Range(0, reader.Series.Count).Select(i => Text(reader, i)));
        }
    }

    [Fact]
    public void Damaged_frames_are_refused_or_read_as_something_else_but_never_throw()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var reader = new SeriesFrameReader();
            foreach (var frame in Frames(RandomSeries.Of(seed % 50, 10), random))
            {
                var bytes = frame.Content.ToArray();
                for (var n = random.Next(3); n >= 0 && bytes.Length > 0; n--)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                if (random.Next(3) == 0)
                    bytes = bytes[..random.Next(bytes.Length + 1)];
                if (!reader.Read(FrameOf(bytes)))
                    break;
            }
        }
    }

    [Fact]
    public void A_frame_has_the_bytes_of_the_format()
    {
        var samples = new SampleBuffer();
        samples.Add(1000, 1);
        samples.Add(2000, 3);
        samples.Add(3000, 2);
        var writer = new SeriesFrameWriter();
        writer.Series(LabelSet.Of("__name__", "up", "job", "a"));
        writer.Run(samples, 0, 3);
        writer.Series(LabelSet.Of("__name__", "up", "job", "b"));
        writer.Run(samples, 0, 3);

        Assert.Equal(
            "00"
            + "01000002" + "00085F5F6E616D655F5F" + "00027570" + "00036A6F62" + "000161"
            + "0203" + "00D00FE80701" + "00" + "02020401"
            + "01010001" + "03" + "000162"
            + "0203" + "01" + "00" + "02020401",
            Convert.ToHexString(writer.Content));
    }

    [Fact]
    public void A_series_whose_samples_go_on_in_the_next_frame_is_one_series()
    {
        var samples = new SampleBuffer();
        for (var i = 0; i < 3 * SeriesFrameWriter.MaxRun; i++)
            samples.Add(i, Math.Sin(i));
        var series = (LabelSet.Of("__name__", "long"), samples);
        var reader = new SeriesFrameReader();
        var frames = Frames([series], null).ToList();
        foreach (var frame in frames)
            Assert.True(reader.Read(frame));
        Assert.True(frames.Count > 1);
        Assert.Single(reader.Series);
        Assert.Equal(Text(series.Item1, samples), Text(reader, 0));
    }

    [Fact]
    public void Equal_times_of_many_series_are_sent_once()
    {
        var series = Enumerable.Range(0, 100).Select(i =>
        {
            var samples = new SampleBuffer();
            for (var t = 0; t < 240; t++)
                samples.Add((t * 15_000) + (t * t % 7), i + t);
            return (LabelSet.Of("n", $"{i:000}"), samples);
        }).ToList();
        var bytes = Frames(series, null).Sum(frame => frame.Content.Length);
        // A byte a value and a little for each series; times of each would take as much again.
        Assert.True(bytes < 100 * 300, $"{bytes} bytes");
        var reader = new SeriesFrameReader();
        foreach (var frame in Frames(series, null))
            Assert.True(reader.Read(frame));
        Assert.Same(reader.RunsOf(0)[0].Times, reader.RunsOf(99)[0].Times);
    }

    [Fact]
    public void Series_that_do_not_ascend_are_refused()
    {
        var writer = new SeriesFrameWriter();
        writer.Series(LabelSet.Of("n", "b"));
        writer.Series(LabelSet.Of("n", "a"));
        Assert.False(new SeriesFrameReader().Read(FrameOf(writer.Content.ToArray())));
    }

    private static LinkFrame FrameOf(byte[] content) => new(ReadFrameKinds.Series, (byte[])[.. content, .. new byte[ByteReader.Padding]]);

    private static IEnumerable<LinkFrame> Frames(List<(LabelSet Labels, SampleBuffer Samples)> series, Random? cuts)
    {
        var writer = new SeriesFrameWriter();
        foreach (var (labels, samples) in series)
        {
            writer.Series(labels);
            var most = cuts is null ? SeriesFrameWriter.MaxRun : cuts.Next(1, 100);
            for (var first = 0; first < samples.Count; first += most)
            {
                if (cuts is null ? writer.IsFull : cuts.Next(4) == 0)
                {
                    yield return FrameOf(writer.Content.ToArray());
                    writer.Begin();
                }
                writer.Run(samples, first, Math.Min(most, samples.Count - first));
            }
        }
        yield return FrameOf(writer.Content.ToArray());
    }

    private static string Text(LabelSet labels, SampleBuffer samples)
    {
        var text = new StringBuilder(labels.ToString());
        for (var i = 0; i < samples.Count; i++)
            Sample(text, samples.Times[i], samples.Values[i], samples.HistogramAt(i), samples.HasStartTimes ? samples.StartTimes[i] : 0);
        return text.ToString();
    }

    private static string Text(SeriesFrameReader reader, int series)
    {
        var text = new StringBuilder(reader.Series[series].ToString());
        foreach (var run in reader.RunsOf(series))
            for (var i = 0; i < run.Count; i++)
                Sample(text, run.Times[i], run.Values[i], run.Histograms?[i], run.StartTimes?[i] ?? 0);
        return text.ToString();
    }

    private static void Sample(StringBuilder text, long time, double value, Model.Histograms.NativeHistogram? histogram, long start)
    {
        text.Append(CultureInfo.InvariantCulture, $" {time}:");
        if (histogram is null)
            text.Append(CultureInfo.InvariantCulture, $"{BitConverter.DoubleToInt64Bits(value):x}");
        else
            text.Append(CultureInfo.InvariantCulture, $"{histogram.Schema} {histogram.CounterResetHint} {BitConverter.DoubleToInt64Bits(histogram.Sum):x} {histogram}");
        text.Append(CultureInfo.InvariantCulture, $"/{start}");
    }
}
