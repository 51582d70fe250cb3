using System.Text;

namespace ActorMon.Model.Matchers.Re2;

/// <summary>
/// Simple case folding as RE2 does it: code points that fold together form an orbit (k, K and the Kelvin sign; s, S and the long s).
/// Orbits are the closure of the simple upper and lower case mappings.
/// </summary>
internal static class CaseFolding
{
    /// <summary>No code point below folds with another.</summary>
    public const int First = 'A';

    /// <summary>No code point above folds with another.</summary>
    public const int Last = 0x1E943;

    private const int LongS = 0x17F;
    private const int KelvinSign = 0x212A;
    private static readonly Lazy<Dictionary<int, int[]>> Orbits = new(Build);

    /// <summary>All members of the code point's orbit, itself included, ascending.</summary>
    public static int[] Orbit(int rune)
    {
        // ASCII needs no table, so the usual (?i) never pays for one.
        if (rune < 0x80)
        {
            if (!char.IsAsciiLetter((char)rune))
                return [rune];
            int upper = char.ToUpperInvariant((char)rune), lower = char.ToLowerInvariant((char)rune);
            return lower switch
            {
                'k' => [upper, lower, KelvinSign],
                's' => [upper, lower, LongS],
                _ => [upper, lower],
            };
        }
        return Orbits.Value.TryGetValue(rune, out var orbit) ? orbit : [rune];
    }

    /// <summary>The representative of an orbit: its least member.</summary>
    public static int Least(int rune) => Orbit(rune)[0];

    private static Dictionary<int, int[]> Build()
    {
        var members = new Dictionary<int, HashSet<int>>();
        for (var value = First; value <= Last; value++)
        {
            if (!Rune.IsValid(value))
                continue;
            var rune = new Rune(value);
            Join(members, value, Rune.ToUpperInvariant(rune).Value);
            Join(members, value, Rune.ToLowerInvariant(rune).Value);
        }
        // The invariant mappings leave these two out.
        Join(members, LongS, 's');
        Join(members, KelvinSign, 'k');
        var orbits = new Dictionary<int, int[]>(members.Count);
        foreach (var (rune, set) in members)
            orbits[rune] = [.. set.Order()];
        return orbits;
    }

    private static void Join(Dictionary<int, HashSet<int>> members, int a, int b)
    {
        if (a == b)
            return;
        var ofA = members.TryGetValue(a, out var foundA) ? foundA : [a];
        var ofB = members.TryGetValue(b, out var foundB) ? foundB : [b];
        ofA.UnionWith(ofB);
        foreach (var member in ofA)
            members[member] = ofA;
    }
}
