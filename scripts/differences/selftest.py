"""Tests of the parts that need no server: reading and writing queries, evaluation times, the rewriting of each rule, the two rules of a rate, remote write's bytes."""
import sys
import unittest

from . import data, proof, push, rates, rules, syntax, tree

QUERIES = (
    "up", "{job=~'.+',__name__!~\"a.*\"}", "-rate(m{a='}['}[5m] offset -2m) ^ 2 * -3", "sum by (a, b) (m) / on (a) group_left (b) max(n) by (a)", 'count_values("v", m)',
    "max_over_time((sum(rate(m[5m])))[30m:47s] @ end() offset 3m)", "m[1h30m] @ 12.5", "quantile_over_time(0.37, m[17m] @ start() offset 7m)", "Inf == bool NaN", "0x1F atan2 m",
    "a and on () b unless ignoring (x) c or d", 'label_replace(m, "n", "${1}y", "a", "(.)\\"(.*)")', "sum without () (m)", "topk by (a) (3, m)", "2 ^ 3 ^ m", "hour() + minute() * 2", "m[5m:]",
)


class FakeServer:
    """Answers from given series; keeps what is stored."""

    def __init__(self, answers):
        self.answers, self.kept, self.asked = answers, {}, []

    def ask(self, query, time, lookback):
        self.asked.append((query, time, lookback))
        return self.answers

    def store(self, values, times):
        name = f"differ_{len(self.kept) + 1}"
        self.kept[name] = values
        return name


def rewritten(query, rule, times=(600_000,), answers=None):
    server = FakeServer(answers or {})
    rewriter = rules.Rewriter(server, (rule,))
    return tree.write(rewriter.rewrite(syntax.parse(query), list(times))), server, rewriter


class Syntax(unittest.TestCase):
    def test_what_is_written_reads_as_the_same_tree(self):
        for query in QUERIES:
            root = syntax.parse(query)
            self.assertEqual(root, syntax.parse(tree.write(root)), query)

    def test_operators_bind_as_in_promql(self):
        self.assertEqual("+", syntax.parse("a + b * c").operator)
        self.assertEqual("-", syntax.parse("a - b - c").left.operator)
        self.assertEqual("^", syntax.parse("2 ^ 3 ^ 4").right.operator)
        self.assertIsInstance(syntax.parse("-2 ^ m"), tree.Unary)
        self.assertEqual("*", syntax.parse("-2 * m").operator)

    def test_what_is_no_query_is_refused(self):
        for query in ("sum(m", "m[5m", "m + ", "a b", "m{a=}", "(m)[5m]", "m offset x", "(m) offset 5m", "m @ x"):
            with self.assertRaises(syntax.SyntaxFault, msg=query):
                syntax.parse(query)

    def test_durations_are_milliseconds(self):
        self.assertEqual(5_400_250, syntax.milliseconds("1h30m250ms"))


class Times(unittest.TestCase):
    def test_a_subquery_looks_at_whole_steps_both_ends_included(self):
        self.assertEqual([60_000, 120_000, 180_000], rules.inner_times(syntax.parse("m[2m:]"), [180_000]))
        self.assertEqual([94_000, 141_000], rules.inner_times(syntax.parse("m[2m:47s]"), [180_000]))
        self.assertEqual([0, 60_000], rules.inner_times(syntax.parse("m[1m:1m] offset 2m"), [180_000]))

    def test_start_and_end_become_times(self):
        self.assertEqual("m @ 1.000 + n @ 9.000", tree.write(rules.resolved(syntax.parse("m @ start() + n @ end()"), 1000, 9000)))

    def test_steps_of_a_range_query(self):
        self.assertEqual([1000, 38_500, 76_000], proof.steps("query_range", [("query", "m"), ("start", "1"), ("end", "76.2"), ("step", "37.5")]))


class Rules(unittest.TestCase):
    def test_the_left_end_goes_by_a_millisecond(self):
        text, _, rewriter = rewritten("max_over_time((m)[5m:30s]) + count_over_time(n[1m] offset 7m)", rules.LEFT_END)
        self.assertEqual("max_over_time((m)[299999ms:30000ms]) + count_over_time(n[59999ms] offset 420000ms)", text)
        self.assertEqual(299_999, rewriter.lookback)

    def test_rates_are_worked_out_from_samples_of_windows_without_their_left_end(self):
        series = {(("__name__", "m"), ("a", "x")): [(300_000, 1.0), (400_000, 5.0), (600_000, 9.0)]}
        text, server, _ = rewritten("sum(rate(m[5m]))", rules.LEFT_END, answers=series)
        self.assertEqual("sum(((differ_1) * 1))", text)
        self.assertEqual(("m[300000ms]", 600_000, 299_999), server.asked[0])
        expected = rates.extrapolated("rate", [400_000, 600_000], [5.0, 9.0], 300_000, 600_000, True)
        self.assertEqual({(("a", "x"),): {600_000: expected}}, server.kept["differ_1"])

    def test_a_window_elsewhere_is_asked_for_where_it_ends(self):
        _, server, _ = rewritten("increase(m[1m] @ 500 offset 20s)", rules.COUNTER_START, times=(600_000, 660_000))
        self.assertEqual([("m[60000ms]", 480_000, 300_000)], server.asked)

    def test_a_rate_inside_a_subquery_is_stored_at_the_times_of_the_subquery(self):
        series = {(("a", "x"),): [(t, t / 1000.0) for t in range(0, 600_001, 15_000)]}
        text, server, _ = rewritten("max_over_time((rate(m[1m]))[2m:1m])", rules.COUNTER_START, answers=series)
        self.assertEqual("max_over_time((((differ_1) * 1))[120000ms:60000ms])", text)
        self.assertEqual([480_000, 540_000, 600_000], sorted(server.kept["differ_1"][(("a", "x"),)]))

    def test_two_series_that_differ_by_name_only_prove_nothing(self):
        points = [(580_000, 1.0), (590_000, 2.0)]
        with self.assertRaises(rules.Unprovable):
            rewritten("rate({a='x'}[1m])", rules.COUNTER_START, answers={(("__name__", "m"),): points, (("__name__", "n"),): points})

    def test_predictions_at_a_fixed_time_are_asked_for_one_by_one(self):
        text, server, _ = rewritten("predict_linear(m[5m] @ 60, 3) + predict_linear(m[5m], 3)", rules.PREDICT_AT, times=(1000, 2000), answers={(): [(0, 4.0)]})
        self.assertEqual("((differ_1) * 1) + predict_linear(m[300000ms], 3)", text)
        self.assertEqual(["predict_linear(m[300000ms] @ 60.000, 3)"] * 2, [query for query, _, _ in server.asked])
        self.assertEqual({(): {1000: 4.0, 2000: 4.0}}, server.kept["differ_1"])

    def test_names_go_before_atan2(self):
        self.assertEqual("((m) * 1) atan2 2", rewritten("m atan2 2", rules.ATAN2_NAME)[0])

    def test_the_spread_of_what_has_no_end_is_no_number(self):
        self.assertEqual("(stddev by (a) (m) + 0 * sum by (a) (m))", rewritten("stddev by (a) (m)", rules.ENDLESS_SPREAD)[0])

    def test_an_offset_is_counted_into_the_time_behind_at(self):
        self.assertEqual("timestamp(m @ 40.000) + timestamp(m offset 20000ms)", rewritten("timestamp(m @ 60 offset 20s) + timestamp(m offset 20s)", rules.TIMESTAMP_OFFSET)[0])

    def test_a_target_label_that_2_42_refuses_gets_another_name(self):
        text, _, rewriter = rewritten("label_replace(m, '0-bad', '', '', '')", rules.TARGET_LABEL)
        self.assertEqual("label_replace(m, \"differ_label_0\", '', '', '')", text)
        answer = (200, {"data": {"result": [{"metric": {"a": "x", "differ_label_0": "y"}}]}})
        self.assertEqual({"a": "x", "0-bad": "y"}, proof.relabelled(answer, rewriter.labels)[1]["data"]["result"][0]["metric"])

    def test_selectors_without_a_name_do_not_see_stored_series(self):
        self.assertEqual('{a="b",__name__!~"differ_.*"}', rewritten('{a="b"}', rules.ATAN2_NAME)[0])

    def test_only_rules_that_could_matter_are_tried(self):
        self.assertEqual([rules.LEFT_END], rules.candidates(syntax.parse("avg_over_time(m[5m])")))
        self.assertEqual([], rules.candidates(syntax.parse("1 atan2 2")))
        self.assertEqual([rules.ENDLESS_SPREAD, rules.TIMESTAMP_OFFSET, rules.LEFT_END], rules.candidates(syntax.parse("stdvar(timestamp(m @ 1 offset 1s))")))
        self.assertEqual([rules.ATAN2_NAME, rules.PREDICT_AT, rules.COUNTER_START, rules.LEFT_END],
                         rules.candidates(syntax.parse("rate(m[5m]) atan2 predict_linear(m[5m] @ 1, 2)")))


class Proofs(unittest.TestCase):
    def test_a_query_that_the_node_alone_refuses_is_never_explained(self):
        params = [("query", "rate(m[5m])"), ("time", "1")]
        self.assertIsNone(proof.Prover(None, None).prove("query", params, (200, {}), (422, "refused"))[0])


class Rates(unittest.TestCase):
    def test_a_counter_that_begins_inside_is_where_the_rules_differ(self):
        # 10 s apart, would have been zero 8 s before the first sample; the window begins 50 s before it.
        window = ([50_000, 60_000, 70_000], [8.0, 18.0, 28.0], 0, 70_000)
        self.assertAlmostEqual(20 * (20 + 8) / 20, rates.extrapolated("increase", *window, True))
        self.assertAlmostEqual(20 * (20 + 5) / 20, rates.extrapolated("increase", *window, False))

    def test_elsewhere_they_agree(self):
        for first in (0.0, 3.0, 200.0):
            window = ([50_000, 60_000, 70_000], [first, first + 10, first + 20], 42_000, 73_000)
            self.assertEqual(rates.extrapolated("rate", *window, True), rates.extrapolated("rate", *window, False))

    def test_resets_count_for_counters_alone(self):
        window = ([0, 10_000, 20_000], [5.0, 1.0, 3.0], 0, 20_000)
        self.assertEqual(-2.0, rates.extrapolated("delta", *window, False))
        self.assertEqual(3.0, rates.extrapolated("increase", *window, False))

    def test_a_window_has_its_left_end_or_not(self):
        self.assertEqual((0, 3), rates.window([1, 2, 3, 4], 1, 3, False))
        self.assertEqual((1, 3), rates.window([1, 2, 3, 4], 1, 3, True))
        self.assertIsNone(rates.extrapolated("rate", [1], [1.0], 0, 2, False))


class Scraped(unittest.TestCase):
    def test_what_one_server_has_alone_at_the_ends_goes_on_both(self):
        self.assertEqual([(1, 2), (9, 9)], data.ends([1, 2, 3, 8, 9], [2, 9]))
        self.assertEqual([(1, 1)], data.ends([1, 2, 3], [1]))
        self.assertEqual([], data.ends([1, 2, 3], []))


class Pushing(unittest.TestCase):
    def test_a_series_as_protobuf(self):
        body = push.encoded_series({"__name__": "m"}, [(300, 1.0), (301, None)])
        self.assertEqual(bytes.fromhex("0a0d0a085f5f6e616d655f5f12016d" "120c09000000000000f03f10ac02" "120c09020000000000f07f10ad02"), body)

    def test_snappy_without_compression(self):
        self.assertEqual(bytes.fromhex("03f40200616263"), push.snappy(b"abc"))
        long = push.snappy(b"a" * 65_537)
        self.assertEqual((bytes.fromhex("818004f4ffff61"), bytes.fromhex("61f4000061")), (long[:7], long[-5:]))

    def test_a_gap_is_marked_once(self):
        self.assertEqual([(1, 5.0), (2, None), (4, 6.0)], list(proof.samples({1: 5.0, 4: 6.0}, [0, 1, 2, 3, 4])))


def run():
    loaded = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__])
    return 0 if unittest.TextTestRunner().run(loaded).wasSuccessful() else 1
