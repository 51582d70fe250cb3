using System.Runtime.InteropServices;
using ActorMon.Model.Bytes;
using ActorMon.Model.Histograms;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;

namespace ActorMon.Protocol.Links.Batches;

/// <summary>
/// Writes batches as the content of frames. Values go as they lie in memory: what a scrape costs here is one copy. Keeps its buffers; one thread at a time.
/// </summary>
public sealed class BatchEncoder
{
    private const int KeptBytes = 4 << 20;
    private const int KeptStrings = 65_536;

    private readonly Dictionary<string, int> _strings = new(StringComparer.Ordinal);

    // The series before, label by label: most of the next one's strings stand at the same places.
    private (string Text, int Number)[] _before = new (string, int)[32];
    private ByteWriter _to = new(4096);

    /// <returns>The content, valid until the next call.</returns>
    public ReadOnlySpan<byte> Encode(in AddressedBatch addressed)
    {
        Forget();
        var batch = addressed.Batch;
        _to.Byte(BatchFormat.Version);
        _to.Byte((byte)((batch.Columns is null ? 0 : BatchFormat.HasColumns)
            | (batch.Loose.Length == 0 ? 0 : BatchFormat.HasLoose)
            | (batch.Exemplars.Length == 0 ? 0 : BatchFormat.HasExemplars)
            | (batch.Metadata.Length == 0 ? 0 : BatchFormat.HasMetadata)));
        _to.Number((ulong)batch.Partition.Value);
        _to.Number((ulong)addressed.Slot);
        _to.Number((ulong)addressed.Sent.Epoch);
        _to.Fixed64(batch.Writer.Value);
        _to.Number((ulong)batch.Number);
        if (batch.Columns is { } columns)
            Columns(columns);
        if (batch.Loose.Length > 0)
            Loose(batch.Loose);
        if (batch.Exemplars.Length > 0)
            Exemplars(batch.Exemplars);
        if (batch.Metadata.Length > 0)
            Metadata(batch.Metadata);
        _to.Number((ulong)addressed.Sent.Forgotten);
        return _to.Written;
    }

    private void Forget()
    {
        _strings.Clear();
        Array.Clear(_before);
        if (_strings.EnsureCapacity(0) > KeptStrings)
            _strings.TrimExcess();
        if (_to.Length > KeptBytes)
            _to = new ByteWriter(4096);
        _to.Clear();
    }

    private void Columns(LayoutColumns columns)
    {
        _to.Fixed64(columns.Layout.Writer.Value);
        _to.Number(columns.Layout.Number);
        _to.Number((ulong)columns.SlotCount);
        _to.Number((ulong)columns.FirstNewSlot);
        _to.Fixed64(columns.ContentHash);
        _to.Signed(columns.Timestamp.Value);
        var words = columns.Missing.IsEmpty ? 0 : (columns.SlotCount + 63) / 64;
        _to.Number((ulong)words);
        foreach (var word in columns.Missing.Span[..words])
            _to.Fixed64(word);
        _to.Doubles(columns.Values.Span[..columns.SlotCount]);
        foreach (var labels in columns.NewSeries)
            Labels(labels);
    }

    private void Loose(LooseSample[] samples)
    {
        _to.Number((ulong)samples.Length);
        LabelSet? before = null;
        var time = 0L;
        foreach (ref readonly var sample in samples.AsSpan())
        {
            var isOther = !ReferenceEquals(sample.Series, before);
            _to.Byte((byte)((isOther ? BatchFormat.OtherSeries : 0) | (sample.Histogram is null ? 0 : BatchFormat.IsHistogram)));
            if (isOther)
                Labels(before = sample.Series);
            _to.Signed(sample.Timestamp.Value - time);
            time = sample.Timestamp.Value;
            if (sample.Histogram is { } histogram)
                Histogram(histogram);
            else
                _to.Double(sample.Value);
        }
    }

    private void Histogram(NativeHistogram histogram)
    {
        // The length goes in front: it is known when the room has been filled.
        var room = HistogramCodec.MaxSize(histogram);
        Span<byte> small = stackalloc byte[512];
        var bytes = room <= small.Length ? small : new byte[room];
        var length = HistogramCodec.Encode(histogram, bytes);
        _to.Number((ulong)length);
        _to.Bytes(bytes[..length]);
    }

    private void Exemplars(SeriesExemplar[] exemplars)
    {
        _to.Number((ulong)exemplars.Length);
        foreach (var (series, exemplar) in exemplars)
        {
            Labels(series);
            Labels(exemplar.Labels);
            _to.Signed(exemplar.Timestamp.Value);
            _to.Double(exemplar.Value);
        }
    }

    private void Metadata(FamilyMetadata[] families)
    {
        _to.Number((ulong)families.Length);
        foreach (var (family, metadata) in families)
        {
            Text(family);
            _to.Byte((byte)metadata.Type);
            Text(metadata.Help);
            Text(metadata.Unit);
        }
    }

    private void Labels(LabelSet labels)
    {
        _to.Number((ulong)labels.Count);
        if (_before.Length < labels.Count * 2)
            Array.Resize(ref _before, labels.Count * 2);
        var at = 0;
        foreach (ref readonly var label in labels.AsSpan())
        {
            Text(label.Name, ref _before[at++]);
            Text(label.Value, ref _before[at++]);
        }
    }

    private void Text(string text, ref (string Text, int Number) before)
    {
        if (string.Equals(text, before.Text, StringComparison.Ordinal))
            _to.Number((ulong)before.Number);
        else
            before = (text, Text(text));
    }

    /// <summary>A string's number in this content, given in order of first use; at the first use its bytes follow.</summary>
    private int Text(string text)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_strings, text, out var isKnown);
        if (!isKnown)
            number = _strings.Count - 1;
        _to.Number((ulong)number);
        if (isKnown)
            return number;
        var length = ByteText.ByteCount(text);
        _to.Number((ulong)length);
        ByteText.Encode(text, _to.Append(length));
        return number;
    }
}
