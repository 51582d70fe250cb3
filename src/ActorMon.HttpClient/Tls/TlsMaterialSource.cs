using ActorMon.Http.Files;
using ActorMon.Http.Options;

namespace ActorMon.Http.Tls;

/// <summary>
/// Keeps the current <see cref="TlsMaterial"/> and reads it again when one of its files has changed. The same object means the same material.
/// A file is judged by its stamp; within two seconds after its modification, when a second change could bear the same stamp, by its contents too.
/// </summary>
internal sealed class TlsMaterialSource(TlsOptions options, HttpClientContext context)
{
    private static readonly TimeSpan StampDoubt = TimeSpan.FromSeconds(2);

    private readonly string[] _files = [.. new[] { options.Ca.File, options.Certificate.File, options.Key.File }.OfType<string>()];
    private readonly Lock _lock = new();
    private TlsMaterial? _material;
    private FileStamp[] _stamps = [];
    private byte[][] _contents = [];

    /// <exception cref="HttpTransportException">A file cannot be read, or holds no certificate or key.</exception>
    public TlsMaterial Current()
    {
        lock (_lock)
        {
            if (_material is null || (_files.Length > 0 && Changed()))
                Load();
            return _material!;
        }
    }

    private bool Changed()
    {
        var now = context.Time.GetUtcNow();
        for (var i = 0; i < _files.Length; i++)
        {
            try
            {
                var stamp = context.Files.Stamp(_files[i]);
                if (stamp != _stamps[i])
                    return true;
                if (now - stamp.Modified < StampDoubt && !context.Files.ReadAllBytes(_files[i]).AsSpan().SequenceEqual(_contents[i]))
                    return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Loading words the failure.
                return true;
            }
        }
        return false;
    }

    private void Load()
    {
        // Stamps are taken before the contents: a change in between is seen at the next use.
        var stamps = new FileStamp[_files.Length];
        var snapshot = new Snapshot();
        for (var i = 0; i < _files.Length; i++)
        {
            try
            {
                stamps[i] = context.Files.Stamp(_files[i]);
                snapshot.Contents[_files[i]] = context.Files.ReadAllBytes(_files[i]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new HttpTransportException($"unable to read {NameOf(_files[i])}: unable to read file {_files[i]}: {Secrets.Reason(_files[i], e)}", e);
            }
        }
        _material = TlsMaterial.Load(options, snapshot);
        _stamps = stamps;
        _contents = [.. _files.Select(file => snapshot.Contents[file])];
    }

    private string NameOf(string file) => file == options.Ca.File ? "CA cert" : file == options.Certificate.File ? "client cert" : "client key";

    /// <summary>The contents that were compared are those that are parsed.</summary>
    private sealed class Snapshot : IFileReader
    {
        public Dictionary<string, byte[]> Contents { get; } = [];
        public FileStamp Stamp(string path) => throw new NotSupportedException();
        public byte[] ReadAllBytes(string path) => Contents[path];
    }
}
