using ActorMon.Model.Bytes;
using ActorMon.PromQL.Fragments;
using ActorMon.PromQL.Results;

namespace ActorMon.Protocol.Links.Reading;

/// <summary>
/// A query's fragments behind the other fields of a read. What a later version adds stands behind them. Drawn in docs/formats/link.md.
/// <code>
/// text | start, end (signed) | step | lookback, subquery step (signed) | flags | most samples | count, each: node, key, start, end (signed), step
/// </code>
/// </summary>
internal static class FragmentRequestCodec
{
    private const byte DelayedNameRemoval = 1;
    private const byte TypeAndUnitLabels = 2;
    private const byte StartTimestamps = 4;
    private const byte PerStep = 8;

    public static void Write(FragmentRequest request, ByteWriter to)
    {
        to.Text(request.Text);
        to.Signed(request.Start);
        to.Signed(request.End);
        to.Signed(request.StepMs);
        to.Signed(request.LookbackMs);
        to.Signed(request.SubqueryStepMs);
        to.Byte((byte)((request.Features.DelayedNameRemoval ? DelayedNameRemoval : 0) | (request.Features.TypeAndUnitLabels ? TypeAndUnitLabels : 0)
            | (request.Features.StartTimestamps ? StartTimestamps : 0) | (request.PerStep ? PerStep : 0)));
        to.Signed(request.MaxSamples);
        to.Number((ulong)request.Fragments.Count);
        foreach (var fragment in request.Fragments)
        {
            to.Number((ulong)fragment.Node);
            to.Text(fragment.Key);
            to.Signed(fragment.Start);
            to.Signed(fragment.End);
            to.Signed(fragment.StepMs);
        }
    }

    /// <summary>Any request when the bytes are damaged; the reader has failed then.</summary>
    public static FragmentRequest Read(ref ByteReader from)
    {
        var (text, start, end, step, lookback, subqueryStep) = (from.Text(), from.Signed(), from.Signed(), from.Signed(), from.Signed(), from.Signed());
        var (flags, maxSamples) = (from.Byte(), from.Signed());
        var fragments = new List<PlanFragment>();
        for (var left = from.Number(FragmentRequest.MaxFragments); left > 0 && !from.Failed; left--)
            fragments.Add(new PlanFragment(from.Number(int.MaxValue), from.Text(), from.Signed(), from.Signed(), from.Signed()));
        // Options of the language that are not known here could change what the text means.
        if (flags > (DelayedNameRemoval | TypeAndUnitLabels | StartTimestamps | PerStep) || subqueryStep < 1 || lookback < 0)
            from.Fail();
        return new FragmentRequest
        {
            Text = text,
            Start = start,
            End = end,
            StepMs = step,
            LookbackMs = lookback,
            SubqueryStepMs = subqueryStep,
            Features = new QueryFeatures
            {
                DelayedNameRemoval = (flags & DelayedNameRemoval) != 0,
                TypeAndUnitLabels = (flags & TypeAndUnitLabels) != 0,
                StartTimestamps = (flags & StartTimestamps) != 0,
            },
            MaxSamples = maxSamples,
            PerStep = (flags & PerStep) != 0,
            Fragments = fragments,
        };
    }
}
