using System.Security.Authentication;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Web;

namespace ActorMon.Host.Web;

/// <summary>The web configuration file (--web.config.file), read again when it changes. Thread-safe.</summary>
public sealed class WebConfigFile(string path)
{
    private readonly Lock _lock = new();
    private WatchedFiles? _stamp;
    private WebConfigResult _last = new(null, []);

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>What the file says now, or what is wrong with it; the same object as long as the file is the same.</summary>
    public WebConfigResult Current()
    {
        lock (_lock)
        {
            if (_stamp is null || _stamp.HaveChanged())
            {
                _stamp = WatchedFiles.Of([Path]);
                _last = WebConfigLoader.Load(Path, new DiskConfigFiles());
            }
            return _last;
        }
    }

    /// <summary>What the file says of TLS now; a file that is wrong now fails the connection that asks, as in the original.</summary>
    public WebTlsOptions CurrentTls() =>
        Current().Config?.Tls ?? throw new AuthenticationException("the web configuration file is wrong or has no tls_server_config any more");
}
