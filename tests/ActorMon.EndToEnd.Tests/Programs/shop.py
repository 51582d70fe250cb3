"""A program instrumented with prometheus_client: counters, a gauge, a summary and a histogram that change on request only, so that a test knows their values.

GET /order/<method>/<n>  counts n requests of that method.  The metrics are on the second port.
"""
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from prometheus_client import Counter, Gauge, Histogram, Summary, start_http_server

REQUESTS = Counter("http_requests", "Requests by method.", ["method"])
STOCK = Gauge("shop_stock", "Articles on the shelf.")
SIZE = Summary("shop_order_size", "Articles of an order.")
LATENCY = Histogram("shop_latency_seconds", "Latency of an order.", buckets=[0.1, 0.5, 1.0])


class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        _, _, method, count = self.path.split("/")
        REQUESTS.labels(method).inc(int(count))
        STOCK.dec(int(count))
        SIZE.observe(int(count))
        LATENCY.observe(int(count) / 100)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


STOCK.set(1000)
start_http_server(int(sys.argv[2]), addr="127.0.0.1")
HTTPServer(("127.0.0.1", int(sys.argv[1])), Shop).serve_forever()
