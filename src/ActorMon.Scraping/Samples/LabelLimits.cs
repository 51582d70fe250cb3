using ActorMon.Model.Labels;
using ActorMon.Model.Text;
using ActorMon.Scraping.Jobs;
using ActorMon.Scraping.Text;

namespace ActorMon.Scraping.Samples;

/// <summary>label_limit, label_name_length_limit and label_value_length_limit of one job: a series beyond them fails the whole scrape. Lengths are bytes.</summary>
internal readonly struct LabelLimits(ScrapeJob job)
{
    private readonly int _count = job.LabelLimit;
    private readonly int _name = job.LabelNameLengthLimit;
    private readonly int _value = job.LabelValueLengthLimit;

    /// <summary>"" or the peer's error text.</summary>
    public string Check(LabelSet labels)
    {
        if (_count > 0 && labels.Count > _count)
            return $"label_limit exceeded (metric: {Metric(labels)}, number of labels: {labels.Count}, limit: {_count})";
        if (_name == 0 && _value == 0)
            return "";
        foreach (ref readonly var label in labels.AsSpan())
        {
            if (_name > 0 && ByteText.ByteCount(label.Name) is var name && name > _name)
                return $"label_name_length_limit exceeded (metric: {Metric(labels)}, label name: {GoText.Cut(label.Name, 50)}, length: {name}, limit: {_name})";
            if (_value > 0 && ByteText.ByteCount(label.Value) is var value && value > _value)
                return $"label_value_length_limit exceeded (metric: {Metric(labels)}, label name: {GoText.Cut(label.Name, 50)}, "
                    + $"value: {GoQuote.Quote(GoText.Cut(label.Value, 50))}, length: {value}, limit: {_value})";
        }
        return "";
    }

    private static string Metric(LabelSet labels) => GoText.Cut(labels.MetricName, 50);
}
