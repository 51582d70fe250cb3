using System.Diagnostics.CodeAnalysis;
using ActorMon.Model.Matchers;
using ActorMon.PromQL.Ast;

namespace ActorMon.PromQL.Parsing;

/// <summary>A parsed and type-checked query, or every error found in it (at least one).</summary>
public sealed record ParseResult(Expr? Expr, IReadOnlyList<ParseError> Errors)
{
    [MemberNotNullWhen(true, nameof(Expr))]
    [MemberNotNullWhen(false, nameof(ErrorText))]
    public bool Success => Expr is not null;

    /// <summary>The text a user sees, that of the first error; null on success.</summary>
    public string? ErrorText => Errors.Count == 0 ? null : Errors[0].Text;
}

/// <summary>The matchers of a series selector, or every error found in it (at least one).</summary>
public sealed record MatchersResult(IReadOnlyList<Matcher>? Matchers, IReadOnlyList<ParseError> Errors)
{
    [MemberNotNullWhen(true, nameof(Matchers))]
    [MemberNotNullWhen(false, nameof(ErrorText))]
    public bool Success => Matchers is not null;

    /// <summary>The text a user sees, that of the first error; null on success.</summary>
    public string? ErrorText => Errors.Count == 0 ? null : Errors[0].Text;
}
