namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>Alertmanager as Debian packages it.</summary>
public sealed class DebianAlertmanager(string folder, params string[] flags) : MetricsServer(folder, "route: {receiver: nobody, group_wait: 1s}\nreceivers: [{name: nobody}]\n")
{
    protected override string Executable => "prometheus-alertmanager";

    protected override IEnumerable<string> Arguments =>
        [
            "--config.file=" + ConfigFile, "--storage.path=" + Path.Combine(Folder, "data"), "--web.listen-address=" + Address, "--cluster.listen-address=", "--log.level=warn", .. flags,
        ];

    /// <summary>The names of the alerts that it holds as firing.</summary>
    public async Task<string[]> FiringAsync()
    {
        using var alerts = System.Text.Json.JsonDocument.Parse(await TextAsync("/api/v2/alerts?active=true"));
        return [.. alerts.RootElement.EnumerateArray().Select(a => a.GetProperty("labels").GetProperty("alertname").GetString()!)];
    }
}
