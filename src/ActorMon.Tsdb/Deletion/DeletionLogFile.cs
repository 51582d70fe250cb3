using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb.Deletion;

/// <summary>
/// The deletion log of one partition on disk: <c>deletions</c> in the partition's directory, written whole at each change (<c>deletions.tmp</c>, sync, rename, sync of the
/// directory). Not there: no deletion is pending and none was ever applied.
/// </summary>
internal sealed class DeletionLogFile(IStorageFiles files, string directory, WalIdentity identity)
{
    public const string Name = "deletions";
    private readonly string _path = Path.Combine(directory, Name);
    private readonly string _temporary = Path.Combine(directory, Name + ".tmp");

    /// <summary>What is on disk. Damage: the file is set aside in the quarantine, deletions in it are lost, what they hid is visible again.</summary>
    public (DeletionLog Log, WalDamage? Damage) Load(string quarantine)
    {
        if (files.FileExists(_temporary))
            files.Delete(_temporary);
        if (!files.FileExists(_path))
            return (DeletionLog.Empty, null);
        long length;
        string? reason;
        using (var file = files.Open(_path, writable: false))
        {
            length = file.Length;
            if (length <= DeletionLogFormat.MaxBytes)
            {
                var bytes = new byte[length];
                (var log, reason) = DeletionLogFormat.Decode(bytes.AsSpan(0, file.Read(0, bytes)), identity);
                if (log is not null)
                    return (log, null);
            }
            else
            {
                reason = $"its {length} bytes are more than any log has";
            }
        }
        files.CreateDirectory(quarantine);
        var aside = Name + ".bad";
        for (var i = 2; files.FileExists(Path.Combine(quarantine, aside)); i++)
            aside = $"{Name}.bad.{i}";
        files.Rename(_path, Path.Combine(quarantine, aside));
        files.SyncDirectory(quarantine);
        files.SyncDirectory(directory);
        return (DeletionLog.Empty, new WalDamage(Name, 0, length, reason!, aside));
    }

    /// <summary>Null: the log is durable. Else why not; the disk then has the log before or this one.</summary>
    public string? Save(DeletionLog log)
    {
        var bytes = DeletionLogFormat.Encode(log, identity);
        if (bytes.Length > DeletionLogFormat.MaxBytes)
            return $"the selectors of all deletions take {bytes.Length} bytes, the limit is {DeletionLogFormat.MaxBytes}; run clean_tombstones first";
        try
        {
            if (files.FileExists(_temporary))
                files.Delete(_temporary);
            using (var file = files.Create(_temporary))
            {
                file.Append(bytes);
                file.Sync();
            }
            files.Rename(_temporary, _path);
            files.SyncDirectory(directory);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the deletion log cannot be written: {e.Message}";
        }
    }
}
