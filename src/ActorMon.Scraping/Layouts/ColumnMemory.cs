using System.Buffers;
using System.Runtime.InteropServices;
using ActorMon.Model.Ingest;

namespace ActorMon.Scraping.Layouts;

/// <summary>Rented memory of a batch's columns. Owner: the batch, from its making until <see cref="SampleBatch.Release"/>.</summary>
internal static class ColumnMemory
{
    /// <summary>The release action of every batch with columns.</summary>
    public static readonly Action<SampleBatch> GiveBack = static batch =>
    {
        if (batch.Columns is not { } columns)
            return;
        if (MemoryMarshal.TryGetArray(columns.Values, out var values) && values.Array is { Length: > 0 } array)
            Return(array);
        if (MemoryMarshal.TryGetArray(columns.Missing, out var missing) && missing.Array is { Length: > 0 } words)
            Return(words);
    };

    public static double[] RentValues(int slots) => ArrayPool<double>.Shared.Rent(Math.Max(slots, 64));

    public static void Return(double[] values)
    {
        if (values.Length > 0)
            ArrayPool<double>.Shared.Return(values);
    }

    public static ulong[] RentWords(int words) => ArrayPool<ulong>.Shared.Rent(words);

    public static void Return(ulong[] words) => ArrayPool<ulong>.Shared.Return(words);
}
