using System.Text;
using System.Text.Json;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Loading;
using ActorMon.Configuration.Model;
using ActorMon.Configuration.Printing;
using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.RemoteWrite.Options;
using ActorMon.Scraping.Jobs;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Config;

/// <summary>The kit's facts about loaded files: most are sentences, so each sentence is checked by the code beside it here.</summary>
public sealed class FactsTests
{
    private static readonly Dictionary<string, Action<PrometheusConfig>> Checks = new(StringComparer.Ordinal)
    {
        ["roundtrip.good.yml"] = c => Assert.Equal(ConfigPrinter.Print(c), ConfigPrinter.Print(Reload(c))),
        ["remote_write_retry_on_rate_limit.good.yml"] = c => Twice(c, x => Assert.Equal([true, false], x.RemoteWrite.Select(w => w.Queue.RetryOnRateLimit))),
        ["conf.good.yml"] = c =>
        {
            var text = ConfigPrinter.Print(c);
            Assert.Equal(29, text.Split("<secret>").Length - 1);
            Assert.DoesNotContain("mysecret", text, StringComparison.Ordinal);
        },
        ["scrape_interval_larger.good.yml"] = c => Assert.True(Assert.Single(c.Jobs).Job is var job && job.Interval >= job.Timeout),
        ["tsdb_retention_percentage_float.good.yml"] = c => Assert.Equal(0.5, c.Storage.RetentionPercentage),
        ["tsdb_chunk_encoding_floats_xor.good.yml"] = c => Assert.Equal("xor", c.Storage.FloatChunkEncoding),
        ["tsdb_chunk_encoding_floats_xor2.good.yml"] = c => Assert.Equal("xor2", c.Storage.FloatChunkEncoding),
        ["scrape_config_disable_compression.good.yml"] = c => Twice(c, x => Assert.False(x.Jobs[0].Job.EnableCompression)),
        ["otlp_sanitize_promote_resource_attributes.good.yml"] = c => Assert.Equal(["k8s.cluster.name", "k8s.job.name", "k8s.namespace.name"], c.Otlp.PromoteResourceAttributes),
        ["otlp_sanitize_ignore_resource_attributes.good.yml"] = c =>
        {
            Assert.True(c.Otlp.PromoteAllResourceAttributes);
            Assert.Equal(["k8s.cluster.name", "k8s.job.name", "k8s.namespace.name"], c.Otlp.IgnoreResourceAttributes);
        },
        ["otlp_sanitize_resource_attributes_promote_all.good.yml"] = c => Assert.True(c.Otlp.PromoteAllResourceAttributes),
        ["otlp_allow_keep_identifying_resource_attributes.good.yml"] = c => Assert.True(c.Otlp.KeepIdentifyingResourceAttributes),
        ["otlp_convert_histograms_to_nhcb.good.yml"] = c => Assert.True(c.Otlp.ConvertHistogramsToNhcb),
        ["otlp_promote_scope_metadata.good.yml"] = c => Assert.True(c.Otlp.PromoteScopeMetadata),
        ["otlp_label_underscore_sanitization_defaults.good.yml"] = c => Underscores(c, true),
        ["otlp_label_underscore_sanitization_enabled.good.yml"] = c => Underscores(c, true),
        ["otlp_label_underscore_sanitization_disabled.good.yml"] = c => Underscores(c, false),
        ["otlp_empty.yml"] = c =>
        {
            Assert.Equal(OtlpTranslation.UnderscoreEscapingWithSuffixes, c.Otlp.Translation);
            Underscores(c, true);
        },
        ["otlp_allow_utf8.good.yml"] = c => Assert.Equal(OtlpTranslation.NoUtf8EscapingWithSuffixes, c.Otlp.Translation),
        ["otlp_no_translation.good.yml"] = c => Assert.Equal(OtlpTranslation.NoTranslation, c.Otlp.Translation),
    };

    [ConformanceFact]
    public void Facts_about_loaded_files_hold()
    {
        var run = new ConformanceRun("config", "facts");
        foreach (var fact in ConformanceData.Json("config", "facts.json").GetProperty("facts").EnumerateArray())
        {
            var file = fact.GetProperty("file").GetString()!;
            run.Case($"{file}: {(fact.TryGetProperty("fact", out var text) ? text.GetString() : "name schemes")}", () => Check(file, fact));
        }
        run.Finish(29);
    }

    [ConformanceFact]
    public void Empty_sections_mean_defaults()
    {
        var defaults = ConfigPrinter.Print(FromText(""));
        foreach (var text in new[] { "global:\n", "global: {}\n", "runtime: {}\n", "# nothing\n", "scrape_configs: []\n" })
            Assert.Equal(defaults, ConfigPrinter.Print(FromText(text)));
    }

    private static void Check(string file, JsonElement fact)
    {
        if (file.StartsWith('('))
        {
            var config = FromText(file.Contains("global", StringComparison.Ordinal) ? "global:\n" : "");
            Assert.Equal(ConfigPrinter.Print(FromText("")), ConfigPrinter.Print(config));
            Assert.Equal(75, config.GoGc);
        }
        else if (fact.TryGetProperty("externalLabels", out var labels))
        {
            var set = fact.GetProperty("fact").GetString()!.Contains("TEST=TestValue", StringComparison.Ordinal);
            var config = Loaded(file, set ? new() { ["TEST"] = "TestValue" } : []);
            // A label with an empty value and no label are the same thing.
            Assert.Equal(LabelSet.From(labels.EnumerateObject().Select(l => KeyValuePair.Create(l.Name, l.Value.GetString()!))), config.Global.ExternalLabels);
        }
        else if (fact.TryGetProperty("nameValidation", out var validation))
        {
            var job = Loaded(file, []).Jobs[0].Job;
            Assert.Equal(validation.GetString() == "legacy" ? NameValidation.Legacy : NameValidation.Utf8, job.NameValidation);
            Assert.Equal(fact.GetProperty("escaping").GetString(), NameEscaping.NameOf(job.NameEscaping));
        }
        else
        {
            Checks[file](Loaded(file, []));
        }
    }

    private static PrometheusConfig Loaded(string file, Dictionary<string, string> environment)
    {
        var result = KitFiles.Load("good", file, environment: environment);
        Assert.True(result.IsLoaded, result.ErrorText);
        return result.Config;
    }

    private static PrometheusConfig FromText(string text)
    {
        var files = new MemoryConfigFiles();
        files.Write("testdata/x.yml", Encoding.UTF8.GetBytes(text));
        var result = PrometheusConfigLoader.Load("testdata/x.yml", files, _ => null);
        Assert.True(result.IsLoaded, result.ErrorText);
        return result.Config;
    }

    private static PrometheusConfig Reload(PrometheusConfig config)
    {
        // Printed paths are already joined to the folder, so they must not be joined again.
        var files = new MemoryConfigFiles();
        files.Write("x.yml", Encoding.UTF8.GetBytes(ConfigPrinter.Print(config)));
        var result = PrometheusConfigLoader.Load("x.yml", files, _ => null);
        Assert.True(result.IsLoaded, result.ErrorText);
        return result.Config;
    }

    private static void Twice(PrometheusConfig config, Action<PrometheusConfig> check)
    {
        check(config);
        check(Reload(config));
    }

    private static void Underscores(PrometheusConfig config, bool expected)
    {
        Assert.Equal(expected, config.Otlp.LabelNameUnderscoreSanitization);
        Assert.Equal(expected, config.Otlp.LabelNamePreserveMultipleUnderscores);
    }
}
