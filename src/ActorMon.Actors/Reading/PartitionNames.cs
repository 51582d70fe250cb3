using System.Text;
using ActorMon.Model.Sharding;

namespace ActorMon.Actors.Reading;

/// <summary>Partitions in messages.</summary>
internal static class PartitionNames
{
    private const int MaxNamed = 32;

    /// <summary>Ascending, <c>3, 7</c>; beyond so many their number.</summary>
    public static string Of(IReadOnlyCollection<PartitionId> partitions)
    {
        var text = new StringBuilder();
        foreach (var partition in partitions.Order().Take(MaxNamed))
            text.Append(text.Length > 0 ? ", " : "").Append(partition);
        if (partitions.Count > MaxNamed)
            text.Append(" and ").Append(partitions.Count - MaxNamed).Append(" more");
        return text.ToString();
    }
}
