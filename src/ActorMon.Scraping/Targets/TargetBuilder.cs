using ActorMon.Model.Labels;
using ActorMon.Model.Relabelling;
using ActorMon.Model.Text;
using ActorMon.Model.Time;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Scraping.Targets;

/// <summary>
/// Discovered labels -> scrape target (Prometheus' PopulateLabels): defaults of the job, parameters, relabelling, then the checks, in the peer's order.
/// Pure; a bad target is a value, never an exception.
/// </summary>
public static class TargetBuilder
{
    /// <param name="labels">Labels of the target over those of its group.</param>
    public static TargetResult Build(ScrapeJob job, LabelSet labels)
    {
        var builder = new LabelSetBuilder(labels);
        SetDefaults(job, builder);
        var discovered = builder.Build();
        if (!Relabeller.Apply(builder, job.RelabelRules, job.NameValidation))
            return new TargetResult(null, discovered, "");
        var error = Check(builder, out var interval, out var timeout, out var histograms);
        if (error.Length > 0)
            return Failed(error);
        foreach (var label in builder.Snapshot())
            if (label.Name.StartsWith(LabelNames.MetaPrefix, StringComparison.Ordinal))
                builder.Remove(label.Name);
        if (!builder.Has(LabelNames.Instance))
            builder.Set(LabelNames.Instance, builder.Get(LabelNames.Address));
        var all = builder.Build();
        foreach (ref readonly var label in all.AsSpan())
            if (!ByteText.IsValid(label.Value))
                return Failed($"invalid label value for {GoQuote.Quote(label.Name)}: {GoQuote.Quote(label.Value)}");
        var target = new ScrapeTarget(all, discovered, TargetUrl.Of(all, job.Params))
        {
            Interval = interval,
            Timeout = timeout,
            ConvertClassicHistograms = histograms.Convert,
            AlwaysScrapeClassicHistograms = histograms.AlwaysClassic,
            ScrapeNativeHistograms = histograms.Native,
        };
        return new TargetResult(target, discovered, "");
    }

    private static TargetResult Failed(string error) => new(null, LabelSet.Empty, error);

    private static void SetDefaults(ScrapeJob job, LabelSetBuilder builder)
    {
        SetIfAbsent(builder, LabelNames.Job, job.Name);
        SetIfAbsent(builder, LabelNames.ScrapeInterval, PrometheusDuration.Format(job.Interval));
        SetIfAbsent(builder, LabelNames.ScrapeTimeout, PrometheusDuration.Format(job.Timeout));
        SetIfAbsent(builder, LabelNames.MetricsPath, job.MetricsPath);
        SetIfAbsent(builder, LabelNames.Scheme, job.Scheme);
        SetIfAbsent(builder, ScrapeTarget.ConvertClassicLabel, Bool(job.ConvertClassicHistograms));
        SetIfAbsent(builder, ScrapeTarget.AlwaysClassicLabel, Bool(job.AlwaysScrapeClassicHistograms));
        SetIfAbsent(builder, ScrapeTarget.NativeHistogramsLabel, Bool(job.ScrapeNativeHistograms));
        foreach (var (name, values) in job.Params)
            if (values.Count > 0)
                builder.Set(LabelNames.ParamPrefix + name, values[0]);
    }

    private static void SetIfAbsent(LabelSetBuilder builder, string name, string value)
    {
        if (!builder.Has(name))
            builder.Set(name, value);
    }

    private static string Bool(bool value) => value ? "true" : "false";

    /// <summary>The peer's checks between relabelling and the final labels; "" when all is well.</summary>
    private static string Check(LabelSetBuilder labels, out TimeSpan interval, out TimeSpan timeout, out (bool Convert, bool AlwaysClassic, bool Native) histograms)
    {
        timeout = default;
        histograms = default;
        interval = default;
        var address = labels.Get(LabelNames.Address);
        if (address.Length == 0 && labels.Get(ScrapeTarget.UnixSocketLabel).Length == 0)
            return "no address";
        if (address.Contains('/', StringComparison.Ordinal))
            return $"{GoQuote.Quote(address)} is not a valid hostname";
        var error = ReadDuration(labels, LabelNames.ScrapeInterval, "scrape interval", out interval);
        if (error.Length == 0)
            error = ReadDuration(labels, LabelNames.ScrapeTimeout, "scrape timeout", out timeout);
        if (error.Length == 0 && timeout > interval)
        {
            var (t, i) = (labels.Get(LabelNames.ScrapeTimeout), labels.Get(LabelNames.ScrapeInterval));
            error = $"scrape timeout cannot be greater than scrape interval ({GoQuote.Quote(t)} > {GoQuote.Quote(i)})";
        }
        if (error.Length == 0)
            error = ReadBool(labels, ScrapeTarget.ConvertClassicLabel, "convert classic histograms to nhcb", out histograms.Convert);
        if (error.Length == 0)
            error = ReadBool(labels, ScrapeTarget.AlwaysClassicLabel, "always scrape classic histograms", out histograms.AlwaysClassic);
        if (error.Length == 0)
            error = ReadBool(labels, ScrapeTarget.NativeHistogramsLabel, "scrape native histograms", out histograms.Native);
        return error;
    }

    private static string ReadDuration(LabelSetBuilder labels, string name, string what, out TimeSpan value)
    {
        if (!PrometheusDuration.TryParse(labels.Get(name), out value, out var error))
            return $"error parsing {what}: {error}";
        return value == TimeSpan.Zero ? $"{what} cannot be 0" : "";
    }

    private static string ReadBool(LabelSetBuilder labels, string name, string what, out bool value)
    {
        var text = labels.Get(name);
        var read = GoBool.Parse(text);
        value = read ?? false;
        // A relabelling that removed the label leaves the default off.
        return read is not null || text.Length == 0 ? "" : $"error parsing {what}: strconv.ParseBool: parsing {GoQuote.Quote(text)}: invalid syntax";
    }
}
