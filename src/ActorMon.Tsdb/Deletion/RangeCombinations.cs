using System.Collections.Immutable;

namespace ActorMon.Tsdb.Deletion;

/// <summary>
/// Numbers the sets of deletions that series fall under: there are few, however many series there are, and each is merged into ranges once. 0: none. Any thread.
/// </summary>
internal sealed class RangeCombinations(ImmutableArray<SeriesDeletion> deletions)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(int Combination, int Deletion), int> _next = [];
    private readonly List<int[]> _members = [[]];
    private DeletedRanges?[] _ranges = [null];

    public DeletedRanges? this[int combination] => Volatile.Read(ref _ranges)[combination];

    /// <summary>The combination that has one deletion (an index) more; deletions are added in ascending order.</summary>
    public int With(int combination, int deletion)
    {
        lock (_lock)
        {
            if (_next.TryGetValue((combination, deletion), out var known))
                return known;
            int[] members = [.. _members[combination], deletion];
            _members.Add(members);
            Volatile.Write(ref _ranges, [.. _ranges, DeletedRanges.Of(members.Select(m => (deletions[m].Min, deletions[m].Max)))]);
            return _next[(combination, deletion)] = _members.Count - 1;
        }
    }
}
