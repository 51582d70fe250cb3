using ActorMon.Model.Labels;
using ActorMon.Tsdb.Transfer;

namespace ActorMon.Tool.Tsdb;

/// <summary>Takes the samples that a text holds.</summary>
internal delegate void SampleSink(LabelSet labels, long time, double value);

/// <summary>A text format of samples with timestamps.</summary>
internal interface ITextSamples
{
    /// <summary>Reads the text from its begin to its end, in bounded memory.</summary>
    /// <exception cref="ToolException">It does not follow the format.</exception>
    void Read(Stream text, SampleSink sink);
}

/// <summary><c>tsdb import openmetrics</c> and <c>tsdb import jsonl</c>. A file is read twice: nothing is written before all of it is known to be readable.</summary>
internal static class ImportText
{
    public static int Run(IReadOnlyList<string> arguments, ITextSamples format, Stream input, TextWriter output, TextWriter errors)
    {
        var given = new CommandArguments(arguments, [.. ImportOptions.Flags, "label", "max-block-duration"], ImportOptions.Switches).Expect(1, 2, "input file");
        var labels = ImportOptions.Labels(given);
        var length = ImportOptions.WindowLength(given);
        var memory = ImportOptions.Memory(given);
        using var text = given.Places[0] == "-" ? input : File.OpenRead(given.Places[0]);
        if (text.CanSeek)
        {
            format.Read(text, static (_, _, _) => { });
            text.Position = 0;
        }
        using var target = ImportOptions.Target(given, given.Places.ElementAtOrDefault(1) ?? TsdbSource.DefaultPath);
        var rows = new List<BlockRow>();
        var collector = new SampleCollector(target, length, memory, part => rows.Add(BlockRow.Of(part)));
        format.Read(text, (series, time, value) => collector.Add(WithLabels(series), time, value));
        collector.Flush();
        if (!given.Has("quiet") && rows.Count > 0)
            BlockTable.Write(rows, "PART", given.Has("human-readable"), output);
        return 0;

        LabelSet WithLabels(LabelSet series)
        {
            if (labels.Count == 0)
                return series;
            var builder = new LabelSetBuilder(series);
            foreach (var label in labels)
                builder.Set(label.Name, label.Value);
            return builder.Build();
        }
    }
}
