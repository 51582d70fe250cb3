namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>An ActorMon node: the published program with one data directory.</summary>
public class Node(string folder, string configuration, params string[] flags) : MetricsServer(folder, configuration)
{
    /// <summary>The published program: $ACTORMON or artifacts/actormon/actormon of the project.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("ACTORMON") ?? FindUp("artifacts/actormon/actormon");

    public string DataDirectory => Path.Combine(Folder, "data");

    protected override string Executable => Program;

    protected override IEnumerable<string> Arguments =>
        ["--config.file=" + ConfigFile, "--storage.path=" + DataDirectory, "--web.listen-address=" + Address, "--web.enable-lifecycle", .. flags];

    private static string FindUp(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, relative)))
                return Path.Combine(folder.FullName, relative);
        throw new FileNotFoundException($"{relative} is not in this folder or above it: run scripts/build.sh first");
    }
}
