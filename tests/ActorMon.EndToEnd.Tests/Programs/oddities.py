"""Targets as they should not be, one a path; and /labelled, whose labels clash with those of the target.

hang: never answers.  garbage: bytes.  html: a page for people.  lie: a length that never comes.  flood: 1 GB.  bomb: 1 GB in a megabyte of gzip.  error: status 500.
"""
import gzip
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LINE = b"flood_metric 1\n"
BOMB = gzip.compress(b"x" * (1 << 20)) * 1024  # the members of a gzip stream are unpacked one after the other


class Oddities(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            {
                "/labelled": self.labelled, "/hang": self.hang, "/garbage": self.garbage, "/html": self.html,
                "/lie": self.lie, "/flood": self.flood, "/bomb": self.bomb, "/error": self.error,
            }.get(self.path, self.metrics)()
        except (BrokenPipeError, ConnectionResetError):
            pass

    def answer(self, body, status=200, kind="text/plain; version=0.0.4", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def metrics(self):
        self.answer(b"odd_but_fine 1\n")

    def labelled(self):
        self.answer(b'clash{job="mine",instance="here",extra="kept"} 1\nnoise_total 5\n')

    def hang(self):
        time.sleep(3600)

    def garbage(self):
        self.answer(bytes(range(1, 256)) * 40)

    def html(self):
        self.answer(b"<!doctype html><html><body>hello</body></html>", kind="text/html")

    def lie(self):
        self.answer(LINE, Content_Length="1000000")
        time.sleep(3600)

    def flood(self):
        self.answer(b"", Content_Length=str(1 << 30))
        for _ in range(1 << 14):
            self.wfile.write(LINE * (65536 // len(LINE)))

    def bomb(self):
        self.answer(BOMB, Content_Encoding="gzip")

    def error(self):
        self.answer(b"no", status=500)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Oddities)
server.daemon_threads = True
server.serve_forever()
