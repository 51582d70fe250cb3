using System.Diagnostics.CodeAnalysis;

namespace ActorMon.Tsdb.Parts;

/// <summary>A part file, or a page of it, is not what was written, or belongs to someone else. Nothing was changed.</summary>
public sealed class PartDamagedException : Exception
{
    internal PartDamagedException(string path, string damage)
        : base($"part {path}: {damage}")
    {
        Path = path;
        Damage = damage;
    }

    public string Path { get; }

    /// <summary>What is wrong, and at which offset when that is known.</summary>
    public string Damage { get; }

    [DoesNotReturn]
    internal static void Throw(string path, string damage) => throw new PartDamagedException(path, damage);
}
