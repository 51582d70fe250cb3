using System.Runtime.InteropServices;

namespace ActorMon.Actors.Query;

/// <summary>
/// Places that queries hold, a quarter of them kept from queries whose text holds some already: a burst of one query, however large, leaves places to all others.
/// </summary>
/// <param name="places">How many there are; fewer than four: none is kept.</param>
internal sealed class QueryShares(int places)
{
    private readonly Dictionary<string, int> _held = new(StringComparer.Ordinal);
    private readonly int _kept = places / 4;

    public int Count { get; private set; }

    public bool HasRoom(string text) => Count < places - (_held.ContainsKey(text) ? _kept : 0);

    public void Take(string text)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_held, text, out _)++;
        Count++;
    }

    public void GiveBack(string text)
    {
        Count--;
        if (--CollectionsMarshal.GetValueRefOrAddDefault(_held, text, out _) == 0)
            _held.Remove(text);
    }
}
