"""A Flask program that answers /metrics with generate_latest() itself, as many tutorials do."""
import sys

from flask import Flask, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest

app = Flask(__name__)
VISITS = Counter("page_visits_total", "Visits of a page.", ["page"])


@app.route("/")
def home():
    VISITS.labels("home").inc()
    return "hello"


@app.route("/metrics")
def metrics():
    return Response(generate_latest(), mimetype=CONTENT_TYPE_LATEST)


app.run(host="127.0.0.1", port=int(sys.argv[1]))
