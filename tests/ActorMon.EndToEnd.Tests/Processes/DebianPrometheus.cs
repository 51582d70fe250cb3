namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>Prometheus as Debian packages it, the peer a node is compared with.</summary>
public sealed class DebianPrometheus(string folder, string configuration, params string[] flags) : MetricsServer(folder, configuration)
{
    protected override string Executable => "prometheus";

    protected override IEnumerable<string> Arguments =>
        ["--config.file=" + ConfigFile, "--storage.tsdb.path=" + Path.Combine(Folder, "data"), "--web.listen-address=" + Address, "--log.level=warn", .. flags];
}
