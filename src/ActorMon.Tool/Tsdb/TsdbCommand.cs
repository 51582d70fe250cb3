using ActorMon.Tsdb.Foreign;

namespace ActorMon.Tool.Tsdb;

/// <summary>The commands <c>tsdb ...</c>: names, options and output as promtool has them where it has them, on a node's directory and on one of Prometheus.</summary>
internal static class TsdbCommand
{
    public const string Usage = """
          tsdb list [-r|--human-readable] [DIRECTORY]
              Lists the parts of a node's data directory, or the blocks of a Prometheus directory. DIRECTORY is data/ where it is left out. Directories are only read,
              and no program may run on them.
          tsdb analyze [--limit=20] [--extended] [--match=SELECTOR] [DIRECTORY] [BLOCK]
              Churn and cardinality of a block (the last one) or of a part or all of a node's data.
          tsdb verify [DIRECTORY]
              Reads everything and checks every checksum, order and count. Exit code 1 when something is damaged.
          tsdb dump [--min-time=MS] [--max-time=MS] [--match=SELECTOR]... [--format=prom|seriesjson] [DIRECTORY]
              Every sample as a line, or with seriesjson every series.
          tsdb dump-openmetrics [--min-time=MS] [--max-time=MS] [--match=SELECTOR]... [DIRECTORY]
              Every float sample as OpenMetrics text.
          tsdb import prometheus [--partitions=N] [--skip-damaged] [--memory=MIB] [-q|--quiet] [-r] SOURCE [DIRECTORY]
              Brings blocks, write-ahead log and head chunks of a Prometheus that is stopped into the data directory of a node that is stopped, or into a new one.
              SOURCE is not changed. What is damaged is named and left out block by block, with --skip-damaged chunk by chunk; the exit code then is 1.
          tsdb import openmetrics [--label=NAME=VALUE]... [--max-block-duration=2h] [--partitions=N] [--memory=MIB] [-q] [-r] FILE [DIRECTORY]
          tsdb import jsonl [--label=NAME=VALUE]... [--max-block-duration=2h] [--partitions=N] [--memory=MIB] [-q] [-r] FILE [DIRECTORY]
              The same with OpenMetrics text with timestamps, and with lines {"metric":{...},"values":[...],"timestamps":[...]} (ms). FILE - is the standard input.
              An import can be repeated: samples that are there already are the same samples.
          tsdb create-blocks-from openmetrics
              Another name of tsdb import openmetrics.

        """;

    public static int Run(string[] arguments, Stream input, TextWriter output, TextWriter errors)
    {
        try
        {
            return arguments switch
            {
                ["list", .. var rest] => List(rest, output, errors),
                ["analyze", .. var rest] => AnalyzeCommand.Run(rest, output, errors),
                ["verify", .. var rest] => Verify(rest, output, errors),
                ["dump", .. var rest] => DumpCommand.Run(rest, openMetrics: false, output, errors),
                ["dump-openmetrics", .. var rest] => DumpCommand.Run(rest, openMetrics: true, output, errors),
                ["import", "prometheus", .. var rest] => ImportPrometheus.Run(rest, output, errors),
                ["import", "openmetrics", .. var rest] => ImportText.Run(rest, new OpenMetricsSamples(), input, output, errors),
                ["create-blocks-from", "openmetrics", .. var rest] => ImportText.Run(rest, new OpenMetricsSamples(), input, output, errors),
                ["import", "jsonl", .. var rest] => ImportText.Run(rest, new JsonLinesSamples(), input, output, errors),
                _ => throw new UsageException(arguments.Length == 0 ? "a tsdb command is missing" : $"unknown command \"tsdb {string.Join(' ', arguments.Take(2))}\""),
            };
        }
        catch (UsageException e)
        {
            errors.WriteLine($"actormon-tool: error: {e.Message}, try --help");
            return 1;
        }
        catch (Exception e) when (e is ToolException or ForeignDataException or IOException or UnauthorizedAccessException)
        {
            errors.WriteLine(e.Message);
            return 1;
        }
    }

    private static int List(string[] arguments, TextWriter output, TextWriter errors)
    {
        var given = new CommandArguments(arguments, [], ["human-readable/r"]).Expect(0, 1, "db path");
        using var source = TsdbSource.Open(given.Places.FirstOrDefault() ?? TsdbSource.DefaultPath, errors);
        BlockTable.Write(source.Blocks(), source.Kind, given.Has("human-readable"), output);
        return 0;
    }

    private static int Verify(string[] arguments, TextWriter output, TextWriter errors)
    {
        var given = new CommandArguments(arguments, [], []).Expect(0, 1, "db path");
        using var source = TsdbSource.Open(given.Places.FirstOrDefault() ?? TsdbSource.DefaultPath, errors);
        return source.Verify(output) ? 0 : 1;
    }
}
