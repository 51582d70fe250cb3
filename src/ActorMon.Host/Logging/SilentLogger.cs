using Akka.Actor;
using Akka.Event;

namespace ActorMon.Host.Logging;

/// <summary>
/// What Akka would write to standard output before and after its loggers run (akka.stdout-logger-class): nothing. Standard output belongs to what a command answers.
/// </summary>
public sealed class SilentLogger : MinimalLogger
{
    protected override void Log(object message)
    {
        // Failures of a start or a stop reach the log as exceptions.
    }
}
