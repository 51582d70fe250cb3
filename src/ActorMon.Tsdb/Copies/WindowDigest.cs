namespace ActorMon.Tsdb.Copies;

/// <summary>
/// What a partition holds in one wall-aligned window, of the series of one bucket: equal on two copies exactly when they answer every query of that window alike.
/// </summary>
/// <param name="WindowStart">Unix ms, a multiple of <see cref="ContentDigest.WindowMs"/>.</param>
/// <param name="Bucket">0 .. <see cref="ContentDigest.Buckets"/> - 1, by the StableHash of the labels.</param>
/// <param name="Hash">Sum of the hashes of the series' content; order plays no part.</param>
/// <param name="Samples">Samples counted in it.</param>
public readonly record struct WindowDigest(long WindowStart, int Bucket, UInt128 Hash, long Samples);
