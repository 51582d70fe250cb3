namespace ActorMon.PromQL.Ast;

/// <summary>
/// Name, argument kinds and result kind of a function. <paramref name="Variadic"/>: 0 exact; n &gt; 0: the last n arguments are optional;
/// -1: the last kind repeats any number of times (zero included).
/// </summary>
public sealed record FunctionSignature(string Name, IReadOnlyList<ValueKind> Arguments, int Variadic, ValueKind Returns, bool Experimental);
