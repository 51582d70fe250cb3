namespace ActorMon.Exposition.Tests.Fuzz;

/// <summary>Seeded damage to a document: bytes changed, removed, inserted, ranges doubled or moved, the end cut.</summary>
internal static class Mutation
{
    private static readonly byte[] Interesting = [0, 1, (byte)'\n', (byte)'"', (byte)'\\', (byte)'{', (byte)'}', (byte)'#', (byte)' ', (byte)',', (byte)'=', 0x7f, 0x80, 0xff];

    public static byte[] Of(byte[] document, Random random)
    {
        var bytes = new List<byte>(document);
        for (var count = random.Next(1, 6); count > 0 && bytes.Count > 0; count--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] = Interesting[random.Next(Interesting.Length)];
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 8)));
                    break;
                case 3:
                    bytes.Insert(at, Interesting[random.Next(Interesting.Length)]);
                    break;
                case 4:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(1, 40))));
                    break;
                default:
                    if (random.Next(4) == 0)
                        bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }
        return [.. bytes];
    }
}
