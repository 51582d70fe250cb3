using System.Diagnostics;
using System.Globalization;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>A file system of a few megabytes in memory, mounted at a directory; needs the right to mount.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    private string Filler => Path.Combine(_path, "somebody-elses-file");

    /// <summary>Null: this process may not mount.</summary>
    public static SmallDisk? At(string path, int megabytes)
    {
        Directory.CreateDirectory(path);
        return Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"), "tmpfs", path) ? new SmallDisk(path) : null;
    }

    /// <summary>Takes all the room there is.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Empty() => File.Delete(Filler);

    /// <summary>Lazily: whoever still has a file open there ends soon.</summary>
    public void Dispose() => Run("umount", "--lazy", _path);

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A test that needs a <see cref="SmallDisk"/>; skipped, with that reason, where nothing may be mounted.</summary>
public sealed class SmallDiskFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> MayMount = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("actormon-mount-").FullName;
        var disk = SmallDisk.At(folder, megabytes: 1);
        disk?.Dispose();
        Directory.Delete(folder);
        return disk is not null;
    });

    public SmallDiskFactAttribute()
    {
        if (!MayMount.Value)
            Skip = "this process may not mount a file system";
    }
}
