"""rate, increase and delta from a window's samples, by the rule of Prometheus 2.42 and by that of 3.x.

Facts, from the public source of both: a window ends at its evaluation time and includes it; 2.42 includes its left end, 3.x does not. The change (last minus first, plus for counters every value before
a fall) is extrapolated to an end that is nearer than 1.1 average distances, else by half an average distance. A counter is not extrapolated beyond the point where it would have been zero: 2.42 puts
that point in the place of the window's begin BEFORE it looks whether the begin is near, so that such a counter reaches up to 1.1 distances to the left; 3.x (since 2.51) looks first and then
shortens what it found.
"""
from bisect import bisect_left, bisect_right

COUNTERS = {"rate": True, "increase": True, "delta": False}


def window(times, start, end, left_open):
    """Index of the first sample in the window, and of the first behind it."""
    return (bisect_right if left_open else bisect_left)(times, start), bisect_right(times, end)


def extrapolated(name, times, values, start, end, zero_first):
    """Times, start and end in milliseconds, all samples inside the window; None for fewer than two samples. zero_first: the order of 2.42."""
    if len(times) < 2:
        return None
    counter = COUNTERS[name]
    change = values[-1] - values[0]
    if counter:
        for before, after in zip(values, values[1:]):
            if after < before:
                change += before
    sampled = (times[-1] - times[0]) / 1000
    average = sampled / (len(times) - 1)
    near = average * 1.1
    left, right = (times[0] - start) / 1000, (end - times[-1]) / 1000
    zero = sampled * (values[0] / change) if counter and change > 0 and values[0] >= 0 else float("inf")
    if zero_first:
        left = min(left, zero)
    if left >= near:
        left = average / 2
    if not zero_first:
        left = min(left, zero)
    if right >= near:
        right = average / 2
    factor = (sampled + left + right) / sampled
    return change * (factor / ((end - start) / 1000) if name == "rate" else factor)
