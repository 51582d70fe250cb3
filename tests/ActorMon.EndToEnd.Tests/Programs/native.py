"""A native histogram over protobuf, written field by field: no Python client library of Debian 12 can. GET /observe/<seconds> counts one observation."""
import math
import struct
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

SCHEMA = 3  # buckets grow by 2 ** (2 ** -3)
COUNTER, HISTOGRAM = 0, 4
buckets = {}
total = 0.0


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def zigzag(number):
    return varint(number << 1 if number >= 0 else (-number << 1) - 1)


def number(field, encoded):
    return varint(field << 3) + encoded


def double(field, value):
    return varint(field << 3 | 1) + struct.pack("<d", value)


def message(field, body):
    return varint(field << 3 | 2) + varint(len(body)) + body


def page():
    spans, deltas, previous_index, previous_count = [], [], None, 0
    for index in sorted(buckets):
        if previous_index is None or index != previous_index + 1:
            spans.append([index if previous_index is None else index - previous_index - 1, 0])
        spans[-1][1] += 1
        deltas.append(buckets[index] - previous_count)
        previous_index, previous_count = index, buckets[index]
    histogram = number(1, varint(sum(buckets.values()))) + double(2, total) + number(5, zigzag(SCHEMA)) + double(6, 1e-9) + number(7, varint(0))
    for offset, length in spans:
        histogram += message(12, number(1, zigzag(offset)) + number(2, varint(length)))
    histogram += message(13, b"".join(zigzag(delta) for delta in deltas))
    label = message(1, message(1, b"path") + message(2, b"/"))
    family = message(1, b"latency_seconds") + message(2, b"Latency.") + number(3, varint(HISTOGRAM)) + message(4, label + message(7, histogram))
    counter = message(1, b"observations_total") + message(2, b"Observations.") + number(3, varint(COUNTER)) + message(4, message(3, double(1, sum(buckets.values()))))
    return varint(len(family)) + family + varint(len(counter)) + counter


class Native(BaseHTTPRequestHandler):
    def do_GET(self):
        global total
        if self.path.startswith("/observe/"):
            value = float(self.path.split("/")[2])
            index = math.ceil(math.log2(value) * 2**SCHEMA)
            buckets[index] = buckets.get(index, 0) + 1
            total += value
        self.send_response(200)
        self.send_header("Content-Type", "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited")
        self.end_headers()
        self.wfile.write(page())

    def log_message(self, *_):
        pass


HTTPServer(("127.0.0.1", int(sys.argv[1])), Native).serve_forever()
