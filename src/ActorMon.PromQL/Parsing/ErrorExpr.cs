using ActorMon.PromQL.Ast;

namespace ActorMon.PromQL.Parsing;

/// <summary>Stands where a part of the query was wrong and has been reported, so that parsing can go on. Never leaves the parser.</summary>
internal sealed class ErrorExpr : Expr
{
    public override ValueKind Kind => ValueKind.None;
}

/// <summary>A range written on something that is no selector (reported); what follows it is still checked. Never leaves the parser.</summary>
internal sealed class MisplacedRange : Expr
{
    public override ValueKind Kind => ValueKind.Matrix;
}
