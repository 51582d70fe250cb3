namespace ActorMon.Configuration.Files;

/// <summary>The files a configuration is made of. Paths are what the configuration names after joining; implementations need not be disks.</summary>
public interface IConfigFiles
{
    /// <summary>The content, or the reason it cannot be had ("open x: no such file or directory").</summary>
    bool TryRead(string path, out byte[] content, out string error);

    /// <summary>Existing files that match a pattern (*, ?, [a-z] within a segment), sorted; the path itself when it has no wildcard and exists.</summary>
    IReadOnlyList<string> Glob(string pattern);

    bool Exists(string path);
}
