using System.Globalization;

namespace ActorMon.Model.Sharding;

/// <summary>Number of a partition, 0 .. P-1.</summary>
public readonly record struct PartitionId(int Value) : IComparable<PartitionId>
{
    public int CompareTo(PartitionId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
