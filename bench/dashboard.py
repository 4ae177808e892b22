#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Draw the dashboard of contrib/grafana, as it shows a server under load.

    dashboard.py MAILIN-SERVER PICTURE [SECONDS]

Prometheus reads the metrics of mailin-server each second, and computes what the
panels ask for; gnuplot draws them.  Needs prometheus and gnuplot (Debian:
prometheus gnuplot-nox).
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

from dashboard_load import DOMAIN, Clients
from server_measure import Server, find, free_port, say

DASHBOARD = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                         "../contrib/grafana/mailin-server.json")
CONFIGURATION = """\
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
- job_name: mailin-server
  static_configs: [{{targets: ["127.0.0.1:{}"]}}]
"""
# The values of Grafana's variables.
VARIABLES = {"$__rate_interval": "10s", "$instance": ".+"}
HEAD = """\
set terminal {terminal} size 1000,1200 font 'sans-serif,11' background 'white'
set output '{picture}'
set multiplot layout {rows},2 title 'mailin-server for {seconds} seconds'
set xrange [0:{seconds}]
set yrange [0:*]
set format y '%.1s %c'
set ytics autofreq
set grid lc rgb '#dddddd'
set border 3
set tics nomirror
set key outside bottom center horizontal noenhanced samplen 1
"""


# ---- The run ----

def start_server(program, folder, metrics):
    port, user, password = free_port(), "joe", "correct horse"
    hashed = subprocess.run([program, "--hash-password"], check=True,
                            input=password + "\n", capture_output=True,
                            text=True).stdout.strip()
    names = {"passwd": f"{user}:{hashed}\n", "recipients": f"bob@{DOMAIN}\n"}
    for name, text in names.items():
        with open(os.path.join(folder, name), "w", encoding="ascii") as file:
            file.write(text)
    server = Server(
        [program, "--listen", f"127.0.0.1:{port}", "--metrics", str(metrics),
         "--maildir", os.path.join(folder, "mail"), "--tls-self-signed",
         "--tls", "optional", "--max-connections", "14",
         "--passwd", os.path.join(folder, "passwd"),
         "--recipients", os.path.join(folder, "recipients")], port)
    return server, user, password


def start_prometheus(folder, metrics, port):
    path = os.path.join(folder, "prometheus.yml")
    with open(path, "w", encoding="ascii") as file:
        file.write(CONFIGURATION.format(metrics))
    return subprocess.Popen(
        [find("prometheus"), "--config.file", path, "--storage.tsdb.path",
         os.path.join(folder, "data"), "--web.listen-address",
         f"127.0.0.1:{port}", "--log.level", "error"])


def await_prometheus(port):
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready"):
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("prometheus does not start")


def ask(port, expression, begin, end):
    """Return the series: their labels and their points."""
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    query = urllib.parse.urlencode({"query": expression, "start": begin,
                                    "end": end, "step": 1})
    with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/api/v1/query_range?{query}") as reply:
        return [(one["metric"],
                 [(at - begin, float(value)) for at, value in one["values"]])
                for one in json.load(reply)["data"]["result"]]


def run(program, panels, seconds):
    """Return a list of series, each a legend and points, for each panel."""
    metrics, port = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        server, user, password = start_server(program, folder, metrics)
        prometheus = start_prometheus(folder, metrics, port)
        try:
            await_prometheus(port)
            begin = time.time()
            clients = Clients(server.port, user, password, seconds)
            say(f"clients send for {seconds} seconds")
            clients.end()
            return [panel_series(panel, port, begin, begin + seconds)
                    for panel in panels]
        finally:
            prometheus.terminate()
            prometheus.wait()
            server.stop()


def panel_series(panel, port, begin, end):
    found = []
    for target in panel["targets"]:
        for labels, points in ask(port, target["expr"], begin, end):
            legend = target["legendFormat"]
            for name, value in labels.items():
                legend = legend.replace("{{" + name + "}}", value)
            # NaN: a histogram without values.
            points = [(at, value) for at, value in points if value == value]
            if any(value > 0 for _, value in points):
                found.append((legend, points))
    return found


# ---- The picture ----

def plot(panel, series):
    """Return the commands of gnuplot for a panel."""
    lines = [f"set title '{panel['title']}'"]
    if not series:
        return lines + ["plot 0 notitle lc rgb 'black'"]
    for i, (_, points) in enumerate(series):
        lines += [f"$series{i} << END",
                  *(f"{at:.0f} {value:.5g}" for at, value in points), "END"]
    return lines + ["plot " + ", ".join(
        f"$series{i} with lines lw 2 title '{legend}'"
        for i, (legend, _) in enumerate(series))]


def main():
    program, picture = os.path.abspath(sys.argv[1]), sys.argv[2]
    seconds = int((sys.argv[3:] or ["120"])[0])
    with open(DASHBOARD, encoding="utf-8") as file:
        panels = json.load(file)["panels"]
    found = run(program, panels, seconds)
    terminal = "svg" if picture.endswith(".svg") else "pngcairo"
    commands = HEAD.format(terminal=terminal, picture=picture,
                           rows=(len(panels) + 1) // 2, seconds=seconds)
    for panel, series in zip(panels, found):
        commands += "\n".join(plot(panel, series)) + "\n"
    subprocess.run([os.environ.get("GNUPLOT") or find("gnuplot")], check=True,
                   input=commands + "unset multiplot\n", text=True)


main()
