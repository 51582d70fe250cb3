namespace ActorMon.Tsdb.Foreign;

/// <summary>A file of another program's database that cannot be read: what is wrong, and with <see cref="At"/> where.</summary>
public sealed class ForeignDataException(string message) : FormatException(message)
{
    /// <summary>The same problem with the place put before it.</summary>
    public static ForeignDataException At(string place, ForeignDataException problem) => new($"{place}: {problem.Message}");
}
