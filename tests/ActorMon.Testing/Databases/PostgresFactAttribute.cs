using Xunit;

namespace ActorMon.Testing.Databases;

/// <summary>A test that needs the programs of PostgreSQL 15; skipped, with that reason, where they are not installed.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (!PostgresServer.IsInstalled)
            Skip = $"{PostgresServer.Programs} is absent: PostgreSQL 15 is not installed";
    }
}
