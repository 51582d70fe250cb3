using ActorMon.Model.Reading;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Explain;
using ActorMon.PromQL.Fragments;
using ActorMon.PromQL.Planning;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution;

/// <summary>
/// Runs parsed queries: plan, fetch the selections, evaluate. Thread-safe; each query runs on the caller's thread (after the source's own awaits), so the caller
/// chooses the dispatcher; large evaluations take turns in the <see cref="HeavyLane"/> when there is one. What can go wrong with a query comes back in the result;
/// an exception of the source passes through.
/// </summary>
public sealed class QueryEngine(QueryEngineOptions options, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public QueryEngineOptions Options { get; } = options;

    public async Task<QueryResult> ExecuteAsync(QueryRequest request, ISeriesSource source, CancellationToken cancellation = default)
    {
        try
        {
            return await ExecuteAsync(request, source, pushDown: Options.PushDown, cancellation).ConfigureAwait(false);
        }
        catch (FragmentsUnusable)
        {
            return await ExecuteAsync(request, source, pushDown: false, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>This node's part of a query of another one, within limits of its own.</summary>
    /// <returns>One part a fragment; dispose it when it has been used.</returns>
    public async Task<FragmentResults> ExecuteFragmentsAsync(FragmentRequest request, ISeriesSource source, CancellationToken cancellation = default)
    {
        using var deadline = new CancellationTokenSource(Options.Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        return await new FragmentRun(request, Options, source, both.Token).ExecuteAsync().ConfigureAwait(false);
    }

    private async Task<QueryResult> ExecuteAsync(QueryRequest request, ISeriesSource source, bool pushDown, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(Options.Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        var context = new QueryContext(
            request.Features ?? Options.Features, request.LookbackMs ?? Options.LookbackMs, request.MaxSamples ?? Options.MaxSamples, both.Token, Options.Memory)
        {
            HeavyLane = request.Mode == QueryMode.Run ? Options.HeavyLane : null,
            Profile = request.Mode == QueryMode.Analyze ? new PlanProfile(_time) : null,
        };
        using var selections = context.Selections;
        var clock = new PhaseClock(_time);
        var succeeded = false;
        try
        {
            if (Validate(request) is { } refused)
                return Failed(request, context, clock, refused);
            var plan = new Planner(request, request.SubqueryStepMs ?? Options.SubqueryStepMs).Plan();
            var grid = QueryEvaluation.GridOf(request, context);
            var spread = pushDown && source is IFragmentSource { IsSpread: true } some ? some : null;
            if (spread is not null && request.Mode != QueryMode.Explain)
                context.Pushed = await PushedFragments.AskAsync(request, Options, plan, grid, spread, ExecuteFragmentsAsync, context).ConfigureAwait(false);
            var evaluation = QueryEvaluation.Prepare(plan, grid, request.IsInstant, context);
            clock.EndPlanning();
            if (request.Mode == QueryMode.Explain)
                return new QueryResult(new StringValue(request.Start, ""), null, [], [], clock.Stats(context)) { Plan = PlanProfile.Report(plan, null, spread is null ? null : PushedFragments.Planned(plan, grid, context.LookbackMs)) };
            await selections.FetchAsync(source, both.Token).ConfigureAwait(false);
            both.Token.ThrowIfCancellationRequested();
            if (Denied(request, context) is { } denied)
                return Failed(request, context, clock, denied);
            var value = await EvaluateAsync(evaluation, context, clock).ConfigureAwait(false);
            clock.EndEvaluating();
            selections.NoteMissing();
            if (Denied(request, context) is { } met)
                return Failed(request, context, clock, met);
            var (warnings, infos) = context.Annotations.Render(request.Text);
            succeeded = true;
            return new QueryResult(value, null, warnings, infos, clock.Stats(context))
            {
                Memory = context.Reservation,
                Missing = context.Annotations.Missing,
                Plan = context.Profile is { } profile ? PlanProfile.Report(evaluation.Plan, profile, context.Pushed.Report) : null,
            };
        }
        catch (QueryFailure failure)
        {
            return Failed(request, context, clock, failure.Error);
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
            return Failed(request, context, clock, deadline.IsCancellationRequested && !cancellation.IsCancellationRequested
                ? QueryError.TimedOut(Options.Timeout)
                : new QueryError(QueryErrorKind.Canceled, "query was canceled in expression evaluation"));
        }
        finally
        {
            foreach (var helper in context.Helpers)
                await helper.StopAsync().ConfigureAwait(false);
            context.Pushed.Dispose();
            if (!succeeded)
                context.Reservation.Dispose();
        }
    }

    /// <summary>The plan after all rewrites, one node a line, children indented; or the error that planning ends in.</summary>
    public string Explain(QueryRequest request)
    {
        try
        {
            return Validate(request)?.Text
                ?? PlanText.Of(PlanProfile.Report(new Planner(request, request.SubqueryStepMs ?? Options.SubqueryStepMs).Plan(), null));
        }
        catch (QueryFailure failure)
        {
            return failure.Error.Text;
        }
    }

    private static async Task<QueryValue> EvaluateAsync(QueryEvaluation evaluation, QueryContext context, PhaseClock clock)
    {
        if (context.HeavyLane is { } lane && context.Selections.EstimateWork(evaluation.Steps) + context.Pushed.Work > HeavyLane.HeavyFrom)
        {
            return await lane.RunAsync(
                () =>
                {
                    clock.EndSelecting();
                    return evaluation.Run();
                },
                context.Cancellation).ConfigureAwait(false);
        }
        clock.EndSelecting();
        return evaluation.Run();
    }

    private static QueryError? Denied(QueryRequest request, QueryContext context) => request.DenyPartial && context.Annotations.Missing.Count > 0
        ? new QueryError(QueryErrorKind.Unavailable, string.Join("; ", context.Annotations.Missing))
        : null;

    private static QueryError? Validate(QueryRequest request)
    {
        if (request.IsInstant)
            return null;
        if (request.StepMs < 0)
            return new QueryError(QueryErrorKind.BadData, "zero or negative query resolution step widths are not accepted. Try a positive integer");
        if (request.Expression.Kind is ValueKind.Scalar or ValueKind.Vector)
            return null;
        var kind = request.Expression.Kind == ValueKind.Matrix ? "range vector" : "string";
        return new QueryError(QueryErrorKind.BadData, $"invalid expression type \"{kind}\" for range query, must be Scalar or instant Vector");
    }

    private static QueryResult Failed(QueryRequest request, QueryContext context, PhaseClock clock, QueryError error)
    {
        var (warnings, infos) = context.Annotations.Render(request.Text);
        return new QueryResult(null, error, warnings, infos, clock.Stats(context));
    }

    private sealed class PhaseClock(TimeProvider time)
    {
        private long _mark = time.GetTimestamp();
        private TimeSpan _planning;
        private TimeSpan _selecting;
        private TimeSpan _evaluating;

        public void EndPlanning() => _planning = Lap();

        public void EndSelecting() => _selecting = Lap();

        public void EndEvaluating() => _evaluating = Lap();

        public QueryStats Stats(QueryContext context) => new(context.TotalSamples, context.SamplesRead, context.Ledger.Peak, _planning, _selecting, _evaluating)
        {
            PeakBytes = context.Reservation.Peak,
            TotalPerStep = context.PerStep?.Total ?? [context.TotalSamples],
            ReadPerStep = context.PerStep?.Read ?? [context.SamplesRead],
        };

        private TimeSpan Lap()
        {
            var now = time.GetTimestamp();
            var lap = time.GetElapsedTime(_mark, now);
            _mark = now;
            return lap;
        }
    }
}
