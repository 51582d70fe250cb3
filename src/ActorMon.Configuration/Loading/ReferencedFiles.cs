using ActorMon.Configuration.Files;
using ActorMon.Configuration.Model;
using ActorMon.Configuration.Targets;
using ActorMon.Configuration.Units;
using ActorMon.Discovery;
using ActorMon.Http.Options;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Loading;

/// <summary>
/// What <c>promtool check config</c> looks at beyond loading: that files a configuration names exist, and that target files can be read. A server loads without.
/// </summary>
public static class ReferencedFiles
{
    /// <summary>Errors, and warnings for target files that do not exist (yet).</summary>
    public static (IReadOnlyList<ConfigError> Errors, IReadOnlyList<ConfigWarning> Warnings) Check(PrometheusConfig config, IConfigFiles files)
    {
        var check = new Checker(files);
        foreach (var pattern in config.RuleFiles)
            if (!pattern.Contains('*', StringComparison.Ordinal) && files.Glob(pattern).Count == 0)
                check.Error(config.Path, 0, "rule_files", $"{GoQuote.Quote(pattern)} does not point to an existing file");
        foreach (var job in config.Jobs)
        {
            check.Client(job.File, job.Line, job.Job.Http, credentials: true);
            foreach (var declared in job.Discovery.OfType<DeclaredSdConfig>())
                if (declared is { Name: "kubernetes", Http: { } http })
                    check.Client(job.File, job.Line, http, credentials: false);
            check.Targets(job.File, job.Line, job.Discovery, $"scrape job {GoQuote.Quote(job.Job.Name)}");
        }
        foreach (var alertmanager in config.Alerting.Alertmanagers)
            check.Targets(config.Path, 0, alertmanager.Discovery, "alertmanager config");
        return (check.Errors, check.Warnings);
    }

    private sealed class Checker(IConfigFiles files)
    {
        public List<ConfigError> Errors { get; } = [];
        public List<ConfigWarning> Warnings { get; } = [];

        public void Error(string file, int line, string key, string text) => Errors.Add(new ConfigError(file, line, key, text, ConfigErrorKind.Rule));

        public void Client(string file, int line, HttpClientOptions http, bool credentials)
        {
            if (credentials)
                Exists(file, line, http.Authorization?.Credentials.File, "authorization", "authorization credentials or bearer token file");
            Exists(file, line, http.Tls.Certificate.File, "tls_config.cert_file", "client cert file");
            Exists(file, line, http.Tls.Key.File, "tls_config.key_file", "client key file");
        }

        public void Targets(string file, int line, IReadOnlyList<SdConfig> discovery, string owner)
        {
            foreach (var pattern in discovery.OfType<FileSdConfig>().SelectMany(f => f.Files))
            {
                var found = files.Glob(pattern);
                if (found.Count == 0)
                    Warnings.Add(new ConfigWarning(file, line, "file_sd_configs", $"file {GoQuote.Quote(pattern)} for file_sd in {owner} does not exist"));
                foreach (var target in found)
                {
                    if (!files.TryRead(target, out var content, out var problem))
                        Error(target, 0, "", problem);
                    else
                        Errors.AddRange(TargetGroupFile.Read(target, content).Errors);
                }
            }
        }

        private void Exists(string file, int line, string? path, string key, string what)
        {
            if (path is { Length: > 0 } && !files.Exists(path))
                Error(file, line, key, $"error checking {what} {GoQuote.Quote(path)}: stat {path}: no such file or directory");
        }
    }
}
