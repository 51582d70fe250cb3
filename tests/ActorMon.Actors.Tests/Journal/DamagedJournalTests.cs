using ActorMon.Actors.Journal;
using ActorMon.Testing.IO;

namespace ActorMon.Actors.Tests.Journal;

/// <summary>A file that is no database where the journal should be.</summary>
public sealed class DamagedJournalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_nodes_own_file_is_set_aside_and_the_journal_begins_anew()
    {
        var file = _folder.File(JournalDatabase.FileName);
        var told = new List<string>();
        for (var time = 1; time <= 2; time++)
        {
            var garbage = Enumerable.Repeat((byte)time, 10_000).ToArray();
            await File.WriteAllBytesAsync(file, garbage);
            var database = JournalDatabase.Of("sqlite", "", Path.GetDirectoryName(file)!);
            database.SetAside = told.Add;
            await database.PrepareAsync(CancellationToken.None);
            await database.PrepareAsync(CancellationToken.None);
            Assert.Equal(time, told.Count);
            Assert.Equal(garbage, await File.ReadAllBytesAsync(file + (time == 1 ? ".bad" : ".bad.2")));
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        }
        Assert.StartsWith($"{file} is damaged or no SQLite database", told[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_several_nodes_may_name_is_not_touched_and_the_error_says_what_to_do()
    {
        var file = _folder.File("shared.db");
        await File.WriteAllTextAsync(file, new string('x', 10_000));
        var database = JournalDatabase.Of("sqlite", $"Data Source={file}", Path.GetDirectoryName(file)!);
        var error = await Assert.ThrowsAsync<IOException>(() => database.PrepareAsync(CancellationToken.None));
        Assert.Contains("--cluster.bootstrap", error.Message, StringComparison.Ordinal);
        Assert.Equal(10_000, new FileInfo(file).Length);
    }
}
