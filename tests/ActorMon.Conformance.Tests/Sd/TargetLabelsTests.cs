using System.Text.Json;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Names;
using ActorMon.Model.Relabelling;
using ActorMon.Scraping.Jobs;
using ActorMon.Scraping.Targets;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Sd;

/// <summary>Discovered labels -> target labels, on the peer's own tables.</summary>
public sealed class TargetLabelsTests
{
    [ConformanceFact]
    public void Discovered_labels_become_the_targets_the_peer_makes_of_them()
    {
        var run = new ConformanceRun("config", "populate-labels");
        var number = 0;
        foreach (var c in ConformanceData.Json("config", "sd", "populate-labels.json").GetProperty("cases").EnumerateArray())
        {
            var name = $"{number++} {(c.TryGetProperty("note", out var note) ? note.GetString() : "")}";
            var input = Labels(c.GetProperty("in"));
            // A label of the table that is written like a constant of the source, not like a label.
            if (input.Get("convertClassicHistogramsToNHCBLabel").Length > 0)
            {
                run.Skip("the table names a constant of the source instead of its label, and has no address");
                continue;
            }
            run.Case(name, () =>
            {
                var result = TargetBuilder.Build(Job(c.GetProperty("cfg")), input);
                Assert.Equal(c.TryGetProperty("err", out var error) ? error.GetString() : "", result.Error);
                Assert.Equal(Labels(c.GetProperty("res")), result.Target?.AllLabels ?? LabelSet.Empty);
                if (result.Error.Length == 0)
                    Assert.Equal(Labels(c.GetProperty("resOrig")), result.Discovered);
            });
        }
        run.Finish(18);
    }

    [ConformanceFact]
    public void Groups_become_the_targets_the_peer_makes_of_them()
    {
        var run = new ConformanceRun("config", "targets-from-group");
        foreach (var c in ConformanceData.Json("config", "sd", "targets-from-group.json").EnumerateArray())
            run.Case(c.GetProperty("name").GetString()!, () =>
            {
                var job = JobOfText(c.GetProperty("cfgText").GetString()!);
                var group = new DiscoveredGroup("", LabelSet.Empty, [.. c.GetProperty("targets").EnumerateArray().Select(Labels)]);
                var set = TargetSet.Build(job, [group]);
                var shouldDrop = c.TryGetProperty("shouldDropTarget", out var drop) && drop.GetBoolean();
                Assert.Equal(shouldDrop ? 0 : 1, set.Active.Count);
                Assert.Equal(shouldDrop ? ["instance 0 in group : no address"] : [], set.Errors);
            });
        run.Finish(3);
    }

    private static LabelSet Labels(JsonElement json) =>
        LabelSet.From(json.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, ConformanceData.Text(p.Value))));

    private static ScrapeJob Job(JsonElement json) => new()
    {
        Name = json.GetProperty("JobName").GetString()!,
        MetricsPath = json.GetProperty("MetricsPath").GetString()!,
        Scheme = json.GetProperty("Scheme").GetString()!,
        Interval = Duration(json.GetProperty("ScrapeInterval")),
        Timeout = Duration(json.GetProperty("ScrapeTimeout")),
        ConvertClassicHistograms = json.TryGetProperty("ConvertClassicHistogramsToNHCB", out var convert) && convert.GetBoolean(),
        RelabelRules = json.TryGetProperty("RelabelConfigs", out var rules) ? [.. rules.EnumerateArray().Select(Rule)] : [],
    };

    private static TimeSpan Duration(JsonElement json) => TimeSpan.FromTicks(json.GetProperty("durationNs").GetInt64() / TimeSpan.NanosecondsPerTick);

    private static RelabelRule Rule(JsonElement json) => new()
    {
        Action = Enum.Parse<RelabelAction>(json.GetProperty("Action").GetString()!, ignoreCase: true),
        Regex = AnchoredRegex.Parse(json.GetProperty("Regex").GetString()!),
        Replacement = json.GetProperty("Replacement").GetString()!,
        SourceLabels = [.. json.GetProperty("SourceLabels").EnumerateArray().Select(s => s.GetString()!)],
        TargetLabel = json.GetProperty("TargetLabel").GetString()!,
    };

    /// <summary>Reads just what these three configurations say; YAML is another room's.</summary>
    private static ScrapeJob JobOfText(string text)
    {
        var values = text.Split('\n').Select(line => line.Trim(' ', '-').Split(": ", 2)).Where(parts => parts.Length == 2).ToDictionary(p => p[0], p => p[1].Trim('\''));
        return new ScrapeJob
        {
            Name = values["job_name"],
            NameValidation = NameValidation.Legacy,
            RelabelRules = !values.TryGetValue("action", out var action) ? [] :
            [
                new RelabelRule { Action = Enum.Parse<RelabelAction>(action, ignoreCase: true), Regex = AnchoredRegex.Parse(values["regex"]) },
            ],
        };
    }
}
