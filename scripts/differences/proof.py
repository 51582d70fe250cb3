"""Puts a difference to the test: which of the changes between 2.42 and 3.x explain it, shown by what 2.42 answers under the new rules."""
import itertools
import json

from . import push, rates, rules, syntax, tree


class Server:
    """2.42 as the prover asks it. get: the kit's function for one question, base: its address."""

    def __init__(self, get, base):
        self.get, self.base, self.stored = get, base, 0

    def ask(self, query, time, lookback):
        status, answer = self.get(self.base, "query", [("query", query), ("time", f"{time / 1000:.3f}"), ("lookback_delta", f"{lookback}ms")])
        if status != 200:
            raise rules.Unprovable(f"{status} to {query}: {answer}")
        if answer["data"]["resultType"] in ("scalar", "string"):
            raise rules.Unprovable(f"a scalar: {query}")
        found = {}
        for series in answer["data"]["result"]:
            found[tuple(sorted(series["metric"].items()))] = [(round(float(t) * 1000), float(v)) for t, v in series.get("values") or [series["value"]]]
        return found

    def store(self, values, times):
        """Writes values by labels and time under a new name. A series that has none at a time is marked as ended there, so that no look back finds an older one."""
        self.stored += 1
        name = f"{rules.PREFIX}{self.stored}"
        ordered = sorted(set(times))
        push.push(self.base, (({**dict(labels), "__name__": name}, list(samples(of_series, ordered))) for labels, of_series in values.items() if of_series))
        return name

    def same_query(self, one, other):
        """Whether the server's own formatter writes both in the same way."""
        answers = [self.get(self.base, "format_query", [("query", query)]) for query in (one, other)]
        return answers[0][0] == 200 and answers[0] == answers[1]


def samples(values, times):
    present = False
    for time in times:
        if time in values:
            yield time, values[time]
        elif present:
            yield time, None
        present = time in values


def steps(path, params):
    """All evaluation times of a query, ms."""
    at = {key: round(float(value) * 1000) for key, value in params if key in ("time", "start", "end", "step")}
    return [at["time"]] if path == "query" else list(range(at["start"], at["end"] + 1, at["step"]))


class Prover:
    """compare: the kit's comparison of two answers, '' when they agree."""

    def __init__(self, server, compare):
        self.server, self.compare = server, compare

    def prove(self, path, params, theirs, ours):
        """(names of the rules, '') or (None, what was tried). theirs and ours: the answers of 2.42 and of the program under test to the query as it was."""
        if ours[0] != 200:  # a rewritten query may be refused for many reasons: nothing would be shown by that
            return None, ["the node refuses it, and no rule makes a query be refused"]
        text = dict(params)["query"]
        try:
            root = syntax.parse(text)
        except syntax.SyntaxFault as fault:
            return None, [f"not read: {fault}"]
        if theirs[0] == 200 and not self.server.same_query(text, tree.write(root)):
            return None, ["the server's formatter takes what was read for another query"]
        times = steps(path, params)
        root = rules.resolved(root, times[0], round(float(dict(params).get("end", times[-1] / 1000)) * 1000))
        tried, possible = [], rules.candidates(root)
        for size in range(1, len(possible) + 1):
            for chosen in itertools.combinations(possible, size):
                why = self._shown(root, path, params, times, chosen, ours, False)
                if not why:
                    why = self._replacing_is_sound(root, path, params, times, chosen, theirs)
                if not why:
                    return chosen, ""
                tried.append(f"{' + '.join(chosen)}: {why}")
        return None, tried or ["no rule can change this query's answer"]

    def _replacing_is_sound(self, root, path, params, times, chosen, theirs):
        replaces = any(isinstance(node, tree.Call) and node.name in rates.COUNTERS for node in tree.nodes(root)) and not {rules.COUNTER_START, rules.LEFT_END}.isdisjoint(chosen)
        why = replaces and self._shown(root, path, params, times, (), theirs, True)
        return why and f"rates replaced by the old rule do not give the old answer: {why}"

    def _shown(self, root, path, params, times, chosen, expected, copied):
        """'' when 2.42 gives the expected answer under these rules, else what differs."""
        rewriter = rules.Rewriter(self.server, chosen, copied)
        try:
            query = tree.write(rewriter.rewrite(root, times))
        except rules.Unprovable as reason:
            return str(reason)
        changed = [(key, query if key == "query" else value) for key, value in params] + [("lookback_delta", f"{rewriter.lookback}ms")]
        answer = relabelled(self.server.get(self.server.base, path, changed), rewriter.labels)
        return self.compare(answer, expected)


def relabelled(answer, labels):
    """The answer with every stand-in for a label replaced by the label."""
    if not labels or answer[0] != 200:
        return answer
    answer = json.loads(json.dumps(answer))
    for series in answer[1]["data"]["result"]:
        series["metric"] = {labels.get(key, key): value for key, value in series["metric"].items()}
    return answer
