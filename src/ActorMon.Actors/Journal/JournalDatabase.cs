using System.Data;
using System.Data.Common;
using Akka.Configuration;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorMon.Actors.Journal;

/// <summary>The database of a node's journals: its place, its tables, and what the persistence plugin needs to know of it. Nothing is opened before it is used.</summary>
public sealed class JournalDatabase
{
    /// <summary>The file of a node's own SQLite journal, in its data directory.</summary>
    public const string FileName = "control.db";

    private const int SqliteCorrupt = 11;
    private const int SqliteNotADatabase = 26;

    private readonly JournalProvider _provider;
    private readonly bool _isOwnFile;
    private readonly SemaphoreSlim _preparing = new(1);
    private bool _isPrepared;

    private JournalDatabase(JournalProvider provider, string connectionString, bool isOwnFile)
    {
        (_provider, _isOwnFile) = (provider, isOwnFile);
        ConnectionString = connectionString;
    }

    public string ConnectionString { get; }

    /// <summary>Told, once, of a file that was set aside.</summary>
    public Action<string>? SetAside { get; set; }

    /// <param name="provider">actormon.persistence.provider: sqlite or postgresql.</param>
    /// <param name="connectionString">actormon.persistence.connection-string; empty with sqlite: a file in the data directory.</param>
    /// <exception cref="ConfigurationException">Not a provider, or not a connection string of it.</exception>
    public static JournalDatabase Of(string provider, string connectionString, string dataDirectory)
    {
        if (JournalProvider.Find(provider) is not { } kind)
            throw new ConfigurationException($"actormon.persistence.provider = {provider} is neither sqlite nor postgresql");
        try
        {
            return new JournalDatabase(kind, kind == JournalProvider.Sqlite ? Sqlite(connectionString, dataDirectory) : PostgreSql(connectionString), connectionString.Length == 0);
        }
        catch (ArgumentException e)
        {
            // Its text may hold a password: the value is not told.
            throw new ConfigurationException($"actormon.persistence.connection-string is not one of {provider}: {e.Message}");
        }
    }

    /// <summary>
    /// Settings of the persistence plugin, HOCON. Its replay filter is off: it takes a node for the writer of a journal and throws away what a node wrote after another one had, which is
    /// what is there when an actor has moved to another node and back. That two write at once is ruled out by the tables: numbers are unique.
    /// </summary>
    public string Hocon => $$"""
        akka.persistence {
          journal.sql { parallelism = {{_provider.Writes}}, replay-filter.mode = off, connection-string = {{Quoted(ConnectionString)}}, provider-name = "{{_provider.PluginName}}" }
          snapshot-store.sql { connection-string = {{Quoted(ConnectionString)}}, provider-name = "{{_provider.PluginName}}" }
        }
        """;

    /// <summary>Makes the tables unless they are there; after the first success it does nothing. Any number of nodes may do it at once.</summary>
    /// <exception cref="DbException">The database cannot be reached, or does not let us.</exception>
    /// <exception cref="IOException">The file is damaged and other nodes use it too, or cannot be set aside; the text says what to do.</exception>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await _preparing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_isPrepared)
                return;
            // The provider's first connection loads a native library or opens a socket: not on the caller's thread.
            await Task.Run(() => MigrateOrBeginAnewAsync(cancellation), cancellation).ConfigureAwait(false);
            _isPrepared = true;
        }
        finally
        {
            _preparing.Release();
        }
    }

    /// <summary>
    /// A file that is no database: a node's own one is set aside, for its disk has the map and the configuration as well (map.bin, configuration.bin). One that several nodes name is not
    /// touched: only their operator knows who has the newest map.
    /// </summary>
    private async Task MigrateOrBeginAnewAsync(CancellationToken cancellation)
    {
        try
        {
            await MigrateAsync(cancellation).ConfigureAwait(false);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SqliteCorrupt or SqliteNotADatabase)
        {
            var file = new SqliteConnectionStringBuilder(ConnectionString).DataSource;
            if (!_isOwnFile)
                throw new IOException(
                    $"{file} is damaged or no SQLite database ({e.Message}): put a copy of it back, or stop the nodes that use it, move it and its -wal and -shm files away and start one of "
                    + "them with --cluster.bootstrap, which goes on from that node's map");
            SqliteConnection.ClearAllPools();
            var aside = file + ".bad";
            for (var i = 2; File.Exists(aside); i++)
                aside = $"{file}.bad.{i}";
            File.Move(file, aside);
            foreach (var beside in new[] { "-wal", "-shm" })
                if (File.Exists(file + beside))
                    File.Move(file + beside, aside + beside);
            SetAside?.Invoke($"{file} is damaged or no SQLite database ({e.Message}); it is kept as {aside}, and the journal begins anew with what the node's own files have");
            await MigrateAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async Task MigrateAsync(CancellationToken cancellation)
    {
        await using var connection = _provider.Connect(ConnectionString);
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        // Stays with the file. Readers and the writer do not block each other, and a commit is one append.
        if (_provider == JournalProvider.Sqlite)
            await ExecuteAsync(connection, null, "PRAGMA journal_mode = WAL", cancellation).ConfigureAwait(false);
        // With SQLite this takes the file's write lock at once.
        await using var transaction = await connection.BeginTransactionAsync(
            _provider == JournalProvider.Sqlite ? IsolationLevel.Serializable : IsolationLevel.ReadCommitted, cancellation).ConfigureAwait(false);
        foreach (var statement in _provider.Schema)
            await ExecuteAsync(connection, transaction, statement, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task ExecuteAsync(DbConnection connection, DbTransaction? transaction, string statement, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static string Sqlite(string text, string dataDirectory)
    {
        var builder = text.Length > 0 ? new SqliteConnectionStringBuilder(text) : new SqliteConnectionStringBuilder { DataSource = Path.Combine(dataDirectory, FileName) };
        if (builder.DataSource.Length == 0)
            throw new ArgumentException("it names no Data Source");
        // How long a write waits for another process' write.
        if (!builder.ShouldSerialize("Default Timeout"))
            builder.DefaultTimeout = 5;
        return builder.ConnectionString;
    }

    private static string PostgreSql(string text)
    {
        var builder = new NpgsqlConnectionStringBuilder(text);
        if (builder.Host is null)
            throw new ArgumentException("it names no Host");
        // Little is written: a failure should be seen soon.
        if (!builder.ContainsKey("Timeout"))
            builder.Timeout = 5;
        if (!builder.ContainsKey("Command Timeout"))
            builder.CommandTimeout = 10;
        if (!builder.ContainsKey("Maximum Pool Size"))
            builder.MaxPoolSize = 8;
        builder.ApplicationName ??= "actormon";
        return builder.ConnectionString;
    }

    private static string Quoted(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
