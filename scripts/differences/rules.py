"""What is known to differ from Prometheus 2.42, as changes of a query: put to 2.42, the changed query must give what the node answers. All but one of the rules are what 3.x changed.

Rewriter takes a query and some of the rules below. Where 2.42 itself can be asked under the new rule, the text is changed. Where it cannot, the call is replaced by a series that holds the call's
values at each time at which the query looks at it; the values come from raw samples (rates.py) or from single questions, and 2.42 works out the rest of the query from them.
"""
from dataclasses import replace

from . import rates, tree
from .tree import Aggregation, Binary, Call, Number, Paren, Range, Selector, Subquery, Text

LEFT_END = "left end excluded"
COUNTER_START = "counter begins in the window"
PREDICT_AT = "predict_linear with @"
ATAN2_NAME = "atan2 drops the name"
TARGET_LABEL = "target label of any characters"
ENDLESS_SPREAD = "stddev of one infinite or NaN value"
TIMESTAMP_OFFSET = "timestamp with @ and offset"
HOW = {
    TARGET_LABEL: "label_replace gets a target label that 2.42 takes, and the answer the one asked for",
    ATAN2_NAME: "the names are taken off the operands of atan2",
    ENDLESS_SPREAD: "zero times the sum of the same group is added to stddev and stdvar: NaN where a value is infinite or NaN",
    TIMESTAMP_OFFSET: "the offset is counted into the time behind @",
    PREDICT_AT: "predict_linear is asked for at each time by itself",
    COUNTER_START: "rate and increase are worked out from raw samples, by the order of 3.x",
    LEFT_END: "ranges, subqueries and lookback are a millisecond shorter; rate, increase and delta come from samples without the left end",
}
LOOKBACK = 300_000  # the default of both
STEP = 60_000  # of a subquery that names none: the default evaluation interval
PREFIX = "differ_"
LEGACY = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


class Unprovable(Exception):
    """The rule cannot be applied to this query."""


def candidates(root):
    """The rules that could change this query's answer, those with the narrower recogniser first."""
    every = tree.nodes(root)
    return [rule for rule in HOW if any(_recognised(rule, node) for node in every)]


def _recognised(rule, node):
    match node:
        case Call("label_replace"):
            return rule == TARGET_LABEL and odd_label(node) is not None
        case Call("predict_linear"):
            return rule == PREDICT_AT and fixed_prediction(node)
        case Call("timestamp"):
            return rule == TIMESTAMP_OFFSET and moved_timestamp(node)
        case Call(name):
            return rule == COUNTER_START and rates.COUNTERS.get(name, False)
        case Aggregation("stddev" | "stdvar"):
            return rule == ENDLESS_SPREAD
        case Binary("atan2"):
            return rule == ATAN2_NAME and not tree.is_scalar(node)
        case Selector() | Subquery():
            return rule == LEFT_END
    return False


def odd_label(call):
    """The target of a label_replace, when only 3.x takes it."""
    label = call.arguments[1].text[1:-1] if len(call.arguments) == 5 and isinstance(call.arguments[1], Text) else ""
    return label if label and not (set(label) <= LEGACY and not label[0].isdigit()) else None


def fixed_prediction(call):
    return call.name == "predict_linear" and tree.place(call.arguments[0])[1] is not None


def moved_timestamp(call):
    """timestamp of a bare selector with both: 2.42 (and 3.14 as well) forgets the offset there."""
    return isinstance(call.arguments[0], Selector) and call.arguments[0].at is not None and call.arguments[0].offset != 0


def resolved(node, start, end):
    """start() and end() as times, so that parts of a range query can be asked for by themselves."""
    node = tree.with_children(node, lambda child: resolved(child, start, end))
    if isinstance(node, (Selector, Subquery)) and isinstance(node.at, str):
        return replace(node, at=start if node.at == "start()" else end)
    return node


def ends(node, times):
    """Where the windows of a range or subquery end, looked at from these times."""
    offset, at = tree.place(node)
    return [(time if at is None else at) - offset for time in times]


def inner_times(node, times):
    """The times at which a subquery asks for what is inside it."""
    step = node.step or STEP
    found = set()
    for end in set(ends(node, times)):
        found.update(range(-(-(end - node.length) // step) * step, end + 1, step))
    return sorted(found)


class Rewriter:
    """One query under one set of rules.

    server: ask(query, time, lookback) -> matrix or vector as {labels: [(ms, value)]}, store(values by labels, times) -> name. copied: replace rates even when no rule
    asks for it, by 2.42's own rule: what comes out must be what 2.42 said, or the replacing itself is at fault.
    """

    def __init__(self, server, rules, copied=False):
        self.server, self.rules, self.copied = server, rules, copied
        self.labels = {}  # stand-in -> label

    @property
    def lookback(self):
        return LOOKBACK - 1 if LEFT_END in self.rules else LOOKBACK

    def rewrite(self, node, times):
        match node:
            case Subquery(inner):
                return self._shortened(replace(node, inner=self.rewrite(inner, inner_times(node, times))))
            case Range(selector):
                return self._shortened(replace(node, selector=self.rewrite(selector, times)))
            case Selector(name, matchers) if not name and not any(m[0] == "__name__" and m[1] == "=" for m in matchers):
                return replace(node, matchers=matchers + (("__name__", "!~", f'"{PREFIX}.*"'),))
            case Call(name) if name in rates.COUNTERS and (self.copied or LEFT_END in self.rules or (COUNTER_START in self.rules and rates.COUNTERS[name])):
                return self._stored(self._rates(node, times), times)
            case Call("predict_linear") if PREDICT_AT in self.rules and fixed_prediction(node):
                changed = tree.with_children(node, lambda child: self.rewrite(child, times))
                return self._stored(self._single(changed, times), times)
        node = tree.with_children(node, lambda child: self.rewrite(child, times))
        match node:
            case Binary("atan2", modifiers, left, right) if ATAN2_NAME in self.rules:
                return Binary("atan2", modifiers, _nameless(left), _nameless(right))
            case Aggregation("stddev" | "stdvar") if ENDLESS_SPREAD in self.rules:
                return Paren(Binary("+", "", node, Binary("*", "", Number("0"), replace(node, name="sum"))))
            case Call("timestamp", (Selector(_, _, offset, at) as selector,)) if TIMESTAMP_OFFSET in self.rules and moved_timestamp(node):
                return replace(node, arguments=(replace(selector, offset=0, at=at - offset),))
            case Call("label_replace", arguments) if TARGET_LABEL in self.rules and (label := odd_label(node)):
                stand_in = f"{PREFIX}label_{len(self.labels)}"
                self.labels[stand_in] = label
                return replace(node, arguments=(arguments[0], Text(f'"{stand_in}"')) + arguments[2:])
        return node

    def _shortened(self, node):
        return replace(node, length=node.length - 1) if LEFT_END in self.rules else node

    def _stored(self, values, times):
        return _nameless(Selector(self.server.store(values, times)))

    def _single(self, node, times):
        """The value of an expression at each time, asked for one by one."""
        values = {}
        for time in times:
            for labels, points in self.server.ask(tree.write(node), time, self.lookback).items():
                values.setdefault(labels, {})[time] = points[0][1]
        return values

    def _rates(self, call, times):
        source = call.arguments[0]
        if not isinstance(source, (Range, Subquery)):
            raise Unprovable(f"{call.name} of neither range nor subquery")
        if isinstance(source, Subquery):
            source = replace(source, inner=self.rewrite(source.inner, inner_times(source, times)))
        else:
            source = replace(source, selector=self.rewrite(source.selector, times))
        values = {}
        for group in _groups(source, times):
            self._rates_of(call.name, source, group, values)
        return values

    def _rates_of(self, name, source, group, values):
        """group: (time, end of its window), whose windows lie close together: their samples come with one question."""
        first, last = group[0][1], group[-1][1]
        around = tree.moved(replace(source, length=source.length + last - first), offset=0, at=None)
        zero_first = not (COUNTER_START in self.rules and rates.COUNTERS[name])
        for labels, points in self.server.ask(tree.write(around), last, self.lookback).items():
            labels = tuple(label for label in labels if label[0] != "__name__")
            of_series = values.setdefault(labels, {})
            stamps, numbers = [p[0] for p in points], [p[1] for p in points]
            for time, end in group:
                a, b = rates.window(stamps, end - source.length, end, LEFT_END in self.rules)
                value = rates.extrapolated(name, stamps[a:b], numbers[a:b], end - source.length, end, zero_first)
                if value is None:
                    continue
                if time in of_series:
                    raise Unprovable("two series without their names are one")
                of_series[time] = value


def _groups(source, times):
    """(time, end) in ascending order of end, cut so that no question asks for more than twice a window. A subquery's points follow its own grid: the same for every window."""
    group = []
    for time, end in sorted(zip(times, ends(source, times)), key=lambda pair: pair[1]):
        if group and end - group[0][1] > source.length:
            yield group
            group = []
        group.append((time, end))
    if group:
        yield group


def _nameless(node):
    """A vector times one: the same values to the bit, without the metric's name."""
    return node if tree.is_scalar(node) else Paren(Binary("*", "", Paren(node), Number("1")))
