namespace ActorMon.Conformance.Tests.PromQLEngine;

/// <summary>A script is wrong, or something came out otherwise than it says.</summary>
internal sealed class ScriptException(string message) : Exception(message);
