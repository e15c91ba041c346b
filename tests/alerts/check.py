"""Lets a Prometheus scrape a server that writes its greeting to WORK/out, and asks it what the
dashboard asks.

Usage: check.py WORK DASHBOARD; `run` calls it.
"""

import json
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

WORK, DASHBOARD = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])


def until(what, answer):
    for _ in range(600):
        found = answer()
        if found:
            return found
        time.sleep(0.05)
    sys.exit(f"not within 30 s: {what}\n" + "\n".join(it.read_text() for it in WORK.glob("*err")))


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.read().decode()
    except (OSError, ValueError):
        return ""


def older(text):
    """The metrics in the older text format, which promtool reads: endings belong to the names."""
    types = dict(re.findall(r"^# TYPE (\w+) (\w+)", text, re.M))
    endings = {"counter": "_total", "info": "_info"}

    def renamed(match):
        kind = types[match[2]]
        rest = match[3].replace(" info", " gauge") if match[1] == "TYPE" else match[3]
        return f"# {match[1]} {match[2]}{endings.get(kind, '')}{rest}"

    return re.sub(r"^# (HELP|TYPE) (\w+)(.*)$", renamed, text, flags=re.M)


def main():
    greeting = re.compile(r"operations +http://(\S+)")
    operations = until("the server serves", lambda: greeting.search((WORK / "out").read_text()))[1]
    linted = subprocess.run(
        ["promtool", "check", "metrics"],
        input=older(fetch(f"http://{operations}/metrics")),
        text=True,
        check=False,
    )
    if linted.returncode:
        sys.exit("promtool does not like the metrics")

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    (WORK / "prometheus.yml").write_text(
        "global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\n"
        "rule_files: [alerts.yaml]\n"
        "scrape_configs:\n"
        f"- {{job_name: courtesy, static_configs: [{{targets: ['{operations}']}}]}}\n"
    )
    command = [
        "prometheus",
        f"--config.file={WORK}/prometheus.yml",
        f"--storage.tsdb.path={WORK}/data",
        f"--web.listen-address={address}",
    ]
    with (
        open(WORK / "prometheus.err", "w") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as prometheus,
    ):
        try:
            ask(f"http://{address}/api/v1")
        finally:
            prometheus.terminate()


def ask(api):
    def query(text):
        said = fetch(f"{api}/query?" + urllib.parse.urlencode({"query": text}))
        return json.loads(said) if said else {"error": "no answer"}

    until(
        "the server is scraped", lambda: query("courtesy_build_info").get("data", {}).get("result")
    )
    until(
        "the rules are evaluated",
        lambda: '"health":"ok"' in fetch(f"{api}/rules")
        and '"health":"unknown"' not in fetch(f"{api}/rules"),
    )
    groups = json.loads(fetch(f"{api}/rules"))["data"]["groups"]
    sick = [rule for group in groups for rule in group["rules"] if rule["health"] != "ok"]
    if sick:
        sys.exit(f"rules fail: {sick}")
    firing = [
        rule["name"] for group in groups for rule in group["rules"] if rule["state"] == "firing"
    ]
    if firing:
        sys.exit(f"a server that has just started fires {firing}")

    expressions = [
        target["expr"]
        for panel in json.loads(DASHBOARD.read_text())["panels"]
        for target in panel.get("targets", [])
    ]
    for expression in expressions:
        told = query(expression.replace("$__rate_interval", "5m").replace("$instance", ".*"))
        if told.get("status") != "success":
            sys.exit(f"the dashboard asks `{expression}`: {told.get('error')}")
    print(
        "a Prometheus scrapes the server, evaluates the rules, "
        f"and answers {len(expressions)} queries of the dashboard"
    )


main()
