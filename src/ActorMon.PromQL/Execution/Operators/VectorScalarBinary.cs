using ActorMon.PromQL.Functions;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>A vector and a scalar: column by column, nothing kept.</summary>
internal sealed class VectorScalarBinary(
    SeriesOperator vector, ScalarOperator scalar, bool scalarIsLeft, Planning.BinaryNode node, QueryContext context) : SeriesOperator(vector.Grid)
{
    private readonly BinaryKernel _kernel = new(node.Op, node.ReturnBool, context.Annotations, node.Place);
    private double[] _scalar = [];

    public override IReadOnlyList<SeriesHeader> Open()
    {
        _scalar = scalar.Evaluate();
        var headers = vector.Open();
        if (!ScalarMath.DropsName(node.Op) && !node.ReturnBool)
            return headers;
        var renamed = new SeriesHeader[headers.Count];
        for (var i = 0; i < renamed.Length; i++)
            renamed[i] = headers[i].WithoutName(context.Features.DelayedNameRemoval);
        return renamed;
    }

    public override void Next(Column into)
    {
        vector.Next(into);
        _kernel.ApplyScalar(into, _scalar, scalarIsLeft);
    }
}
