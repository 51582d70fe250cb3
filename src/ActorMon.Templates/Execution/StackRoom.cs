using System.Runtime.CompilerServices;

namespace ActorMon.Templates.Execution;

/// <summary>Whether recursion may go deeper: nested templates are users' text, and a full stack would end the process.</summary>
internal static class StackRoom
{
    public static bool IsLeft => RuntimeHelpers.TryEnsureSufficientExecutionStack();
}
