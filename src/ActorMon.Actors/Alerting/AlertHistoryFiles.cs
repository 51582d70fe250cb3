using System.Buffers.Binary;
using System.Globalization;
using ActorMon.Alerting.History;
using ActorMon.Model.Bytes;
using ActorMon.Protocol.Facts;
using Google.Protobuf;

namespace ActorMon.Actors.Alerting;

/// <summary>
/// Events of alerts in numbered files of one folder, the oldest first; the format is in docs/formats/alert-history.md. A file is closed when it holds a quarter of the events to keep, and
/// deleted when those after it hold enough or its last event is too old. What is damaged is passed over from there to the end of its file. Not thread-safe.
/// </summary>
/// <param name="keep">Events kept at least, at most a quarter more.</param>
/// <param name="retention">How long an event is kept.</param>
public sealed class AlertHistoryFiles(string folder, int keep, TimeSpan retention)
{
    private const int HeaderBytes = 8;
    private const int MaxFrameBytes = 1 << 30;

    /// <summary>Events in one frame; a crash while it is written loses it whole.</summary>
    private const int FrameEvents = 1000;

    private const int MaxSegments = 1000;

    private readonly List<Segment> _segments = [];
    private bool _isOpen;

    /// <summary>All that the files hold, oldest first; called once, before anything is appended.</summary>
    public IReadOnlyList<AlertEvent> Read()
    {
        var events = new List<AlertEvent>();
        foreach (var path in Directory.Exists(folder) ? Directory.GetFiles(folder) : [])
            if (long.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                _segments.Add(new Segment(number, path));
        _segments.Sort((a, b) => a.Number.CompareTo(b.Number));
        foreach (var segment in _segments)
        {
            var before = events.Count;
            try
            {
                ReadInto(events, segment.Path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidProtocolBufferException or FormatException or ArgumentOutOfRangeException)
            {
                // Of a newer version or unreadable: no node stays down for its history.
            }
            segment.Count = events.Count - before;
            segment.Latest = segment.Count > 0 ? events[^1].At : DateTimeOffset.MinValue;
        }
        return events;
    }

    /// <exception cref="IOException">Nothing can be written; the next call begins another file.</exception>
    public void Append(IReadOnlyList<AlertEvent> events, DateTimeOffset now)
    {
        if (!_isOpen || _segments[^1].Count >= (keep + 3) / 4)
            Begin();
        var segment = _segments[^1];
        try
        {
            using var file = new FileStream(segment.Path, FileMode.Append, FileAccess.Write, FileShare.Read);
            for (var at = 0; at < events.Count; at += FrameEvents)
                file.Write(Frame(events, at, Math.Min(FrameEvents, events.Count - at)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its end may be half a frame, and nothing is read behind that.
            _isOpen = false;
            throw;
        }
        segment.Count += events.Count;
        segment.Latest = events[^1].At;
        Drop(now);
    }

    private void Begin()
    {
        Directory.CreateDirectory(folder);
        var number = _segments.Count == 0 ? 1 : _segments[^1].Number + 1;
        _segments.Add(new Segment(number, Path.Combine(folder, number.ToString("D8", CultureInfo.InvariantCulture))));
        _isOpen = true;
    }

    private void Drop(DateTimeOffset now)
    {
        var after = 0L;
        for (var i = _segments.Count - 2; i >= 0; i--)
        {
            after += _segments[i + 1].Count;
            var segment = _segments[i];
            // Each start of a node begins one more, however little it writes.
            if (after < keep && segment.Latest + retention >= now && segment.Count > 0 && _segments.Count - i <= MaxSegments)
                continue;
            File.Delete(segment.Path);
            _segments.RemoveAt(i);
        }
    }

    private static byte[] Frame(IReadOnlyList<AlertEvent> events, int first, int count)
    {
        var rows = new AlertEventsOfNode();
        for (var i = first; i < first + count; i++)
            rows.Events.Add(AlertEventRows.Of(events[i]));
        var frame = new byte[HeaderBytes + rows.CalculateSize()];
        var payload = frame.AsSpan(HeaderBytes);
        rows.WriteTo(payload);
        BinaryPrimitives.WriteInt32LittleEndian(frame, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), Crc32C.Of(payload));
        return frame;
    }

    private static void ReadInto(List<AlertEvent> events, string path)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        while (bytes.Length >= HeaderBytes)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            if (length is < 0 or > MaxFrameBytes || length > bytes.Length - HeaderBytes)
                return;
            var payload = bytes.Slice(HeaderBytes, length);
            if (Crc32C.Of(payload) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]))
                return;
            foreach (var row in AlertEventsOfNode.Parser.ParseFrom(payload).Events)
                events.Add(AlertEventRows.Event(row));
            bytes = bytes[(HeaderBytes + length)..];
        }
    }

    private sealed class Segment(long number, string path)
    {
        public long Number { get; } = number;
        public string Path { get; } = path;
        public long Count { get; set; }
        public DateTimeOffset Latest { get; set; }
    }
}
