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

    private readonly JournalProvider _provider;
    private readonly SemaphoreSlim _preparing = new(1);
    private bool _isPrepared;

    private JournalDatabase(JournalProvider provider, string connectionString)
    {
        _provider = provider;
        ConnectionString = connectionString;
    }

    public string ConnectionString { get; }

    /// <param name="provider">actormon.persistence.provider: sqlite or postgresql.</param>
    /// <param name="connectionString">actormon.persistence.connection-string; empty with sqlite: a file in the data directory.</param>
    /// <exception cref="ConfigurationException">Not a provider, or not a connection string of it.</exception>
    public static JournalDatabase Of(string provider, string connectionString, string dataDirectory)
    {
        if (JournalProvider.Find(provider) is not { } kind)
            throw new ConfigurationException($"actormon.persistence.provider = {provider} is neither sqlite nor postgresql");
        try
        {
            return new JournalDatabase(kind, kind == JournalProvider.Sqlite ? Sqlite(connectionString, dataDirectory) : PostgreSql(connectionString));
        }
        catch (ArgumentException e)
        {
            // Its text may hold a password: the value is not told.
            throw new ConfigurationException($"actormon.persistence.connection-string is not one of {provider}: {e.Message}");
        }
    }

    /// <summary>Settings of the persistence plugin, HOCON.</summary>
    public string Hocon => $$"""
        akka.persistence {
          journal.sql { connection-string = {{Quoted(ConnectionString)}}, provider-name = "{{_provider.PluginName}}" }
          snapshot-store.sql { connection-string = {{Quoted(ConnectionString)}}, provider-name = "{{_provider.PluginName}}" }
        }
        """;

    /// <summary>Makes the tables unless they are there; after the first success it does nothing. Any number of nodes may do it at once.</summary>
    /// <exception cref="DbException">The database cannot be reached, or does not let us.</exception>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await _preparing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_isPrepared)
                return;
            // The provider's first connection loads a native library or opens a socket: not on the caller's thread.
            await Task.Run(() => MigrateAsync(cancellation), cancellation).ConfigureAwait(false);
            _isPrepared = true;
        }
        finally
        {
            _preparing.Release();
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
