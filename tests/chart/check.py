"""Checks the chart in helm/courtesy; `run` calls it."""

import copy
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import helm_python as helm
import kubernetes_validate
import yaml

COURTESY = sys.argv[1]
CHART = pathlib.Path("helm/courtesy")
# The oldest Kubernetes that Chart.yaml allows, and the newest that the schemas know.
VERSIONS = ["1.27", "1.37"]
# Settings that the chart writes itself, from other values.
OWN = {
    "listen",
    "operations",
    "pages",
    "public_url",
    "pages_logos",
    "console",
    "console_url",
    "secret_file",
    "allow_unauthenticated",
    "store",
    "drain",
    "redis_user",
    "redis_password_file",
    "redis_sentinel_user",
    "redis_sentinel_password_file",
    "redis_ca_file",
    "redis_cert_file",
    "redis_key_file",
    "key_hash_secret_file",
    "credentials_file",
    "policy",
    "webhooks_file",
    "tls_cert_file",
    "tls_key_file",
    "tls_client_ca_file",
    "reflection",
    "admin",
}
# A password in a ConfigMap is a mistake.
NEVER = {"redis_password"}
LABEL = "app.kubernetes.io/"

failures = []


def check(holds, what):
    if not holds:
        failures.append(what)
        print(f"FAILED  {what}")


def values_of(name):
    return yaml.safe_load((CHART / "ci" / f"{name}.yaml").read_text())


def render(chart, values):
    texts = chart.render(values, name="demo", namespace="crm")
    objects = [
        it
        for name, text in sorted(texts.items())
        if name.endswith(".yaml")
        for it in yaml.safe_load_all(text)
        if it
    ]
    notes = next(text for name, text in texts.items() if name.endswith("NOTES.txt"))
    return objects, notes


def effective(arguments):
    said = subprocess.run(
        [COURTESY, "config", *arguments], capture_output=True, text=True, check=False
    )
    return said.returncode == 0, said.stdout + said.stderr


def one(objects, kind, suffix=""):
    found = [
        it
        for it in objects
        if it["kind"] == kind and it["metadata"]["name"] == f"demo-courtesy{suffix}"
    ]
    return found[0] if len(found) == 1 else None


def is_selected(labels, selector):
    return bool(selector) and selector.items() <= labels.items()


def check_shape(shape, chart):
    values = values_of(shape)
    report = helm.lint(str(CHART), values, strict=True)
    loud = [it for it in report["messages"] if it["severity"] > 1] + list(report["errors"] or [])
    check(not loud, f"{shape}: lint says {loud}")
    objects, notes = render(chart, values)
    known, secured = "credentials" in values, "existingSecret" in values.get("tls", {})
    check(("CALLERS NEED NO CREDENTIAL" in notes) != known, f"{shape}: the notes say who may call")
    check(
        ("TRAVEL IN THE CLEAR" in notes) == (known and not secured),
        f"{shape}: the notes say what others can read",
    )
    for it in objects:
        what = f"{shape}: {it['kind']} {it['metadata']['name']}"
        check(it["kind"] != "Secret", f"{what}: the chart makes no secrets")
        check(it["metadata"]["labels"].get(f"{LABEL}instance") == "demo", f"{what}: has its labels")
        if it["kind"] in {"ServiceMonitor", "PrometheusRule"}:
            continue  # Its schema belongs to another project.
        for version in VERSIONS:
            try:
                kubernetes_validate.validate(it, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                check(False, f"{what}: {version}: {error.message}")

    deployment = one(objects, "Deployment")
    pod = deployment["spec"]["template"]
    labels, spec = pod["metadata"]["labels"], pod["spec"]
    container = next(it for it in spec["containers"] if it["name"] == "courtesy")
    ports = {it["name"]: it["containerPort"] for it in container["ports"]}

    # The settings are what the binary reads, and name ports and files that are there.
    settings = one(objects, "ConfigMap")["data"]["courtesy.toml"]
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(settings)
        file.flush()
        accepted, says = effective(["--config", file.name])
    check(accepted, f"{shape}: courtesy refuses the settings: {says}")
    held = {line.split(" = ")[0]: line.split(" = ", 1)[1] for line in settings.strip().splitlines()}
    for key, written in held.items():
        check(
            re.search(rf"^{key} = .*# file$", says, re.M),
            f"{shape}: {key} = {written} comes from the file",
        )
    for key, port in [
        ("listen", "grpc"),
        ("operations", "operations"),
        ("pages", "pages"),
        ("console", "console"),
    ]:
        on = held[key] != '"off"'
        check(on == (port in ports), f"{shape}: {key} and the port {port} belong together")
        check(
            not on or held[key].endswith(f':{ports[port]}"'), f"{shape}: {key} is the port {port}"
        )
    files = {
        f"/etc/courtesy/secrets/{item['path']}"
        for volume in spec["volumes"] if volume["name"] == "secrets"
        for source in volume["projected"]["sources"] for item in source["secret"]["items"]
    }
    named = {json.loads(it) for key, it in held.items() if key.endswith("_file")}
    # The credentials are a directory of their own, and whole: the keys of issuers lie beside the
    # file.
    given = {it for it in named if it.startswith("/etc/courtesy/credentials/")}
    whole = [
        it for it in spec["volumes"] if it["name"] == "credentials" and "items" not in it["secret"]
    ]
    check(
        len(given) == len(whole) == known,
        f"{shape}: the credentials are mounted where they are given",
    )
    check(
        ('"/etc/courtesy/secrets/tls-key"' == held.get("tls_key_file")) == secured,
        f"{shape}: TLS where it is asked for",
    )
    for it in container["volumeMounts"]:
        fixed = it["mountPath"] == "/etc/courtesy/courtesy.toml"
        check(
            fixed or "subPath" not in it,
            f"{shape}: what is mounted at {it['mountPath']} would never change",
        )
    # So are the webhooks: their secrets lie beside the file.
    told = {it for it in named if it.startswith("/etc/courtesy/webhooks/")}
    whole = [
        it for it in spec["volumes"] if it["name"] == "webhooks" and "items" not in it["secret"]
    ]
    check(
        len(told) == len(whole) == ("webhooks" in values),
        f"{shape}: the webhooks are mounted where they are given",
    )
    named -= given | told
    check(files == named, f"{shape}: the settings name the files {named}, mounted are {files}")
    mounted = {it["name"] for it in container["volumeMounts"]}
    check(mounted <= {it["name"] for it in spec["volumes"]}, f"{shape}: every mount has its volume")

    # Probes ask ports that are there, and a pod has time to drain.
    for probe, path in [
        ("startupProbe", "/livez"),
        ("livenessProbe", "/livez"),
        ("readinessProbe", "/readyz"),
    ]:
        asked = container[probe]["httpGet"]
        check(asked["port"] in ports and asked["path"] == path, f"{shape}: {probe} asks {asked}")
    drain = int(json.loads(held["drain"]).removesuffix("s"))
    waits = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    check(
        spec["terminationGracePeriodSeconds"] >= waits + drain + 10,
        f"{shape}: the drain has its time",
    )
    check(
        "checksum/config" in pod["metadata"]["annotations"], f"{shape}: new settings make new pods"
    )

    # Nothing that a pod does not need.
    may = container["securityContext"]
    check(spec["securityContext"]["runAsNonRoot"] is True, f"{shape}: not root")
    check(
        spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, f"{shape}: seccomp"
    )
    check(
        may["readOnlyRootFilesystem"] and not may["allowPrivilegeEscalation"],
        f"{shape}: read-only root",
    )
    check(may["capabilities"] == {"drop": ["ALL"]}, f"{shape}: no capabilities")
    check(spec["automountServiceAccountToken"] is False, f"{shape}: no token")
    check("requests" in container["resources"], f"{shape}: requests")

    # Whatever selects, selects the server's pods and not the test's.
    asks = one(objects, "Pod", "-test")
    check(bool(asks) == (not known or "test" in values), f"{shape}: a test where it can ask")
    test = asks["metadata"]["labels"] if asks else {}
    selector = deployment["spec"]["selector"]["matchLabels"]
    check(
        set(selector) == {f"{LABEL}name", f"{LABEL}instance"},
        f"{shape}: the selector never changes",
    )
    selectors = [
        (it["metadata"]["name"], it["spec"]["selector"])
        for it in objects
        if it["kind"] == "Service"
    ]
    for kind, field in [("PodDisruptionBudget", "selector"), ("NetworkPolicy", "podSelector")]:
        found = one(objects, kind)
        selectors += [(kind, found["spec"][field]["matchLabels"])] if found else []
    check(is_selected(labels, selector), f"{shape}: the Deployment selects its pods")
    for name, selects in selectors:
        check(is_selected(labels, selects), f"{shape}: {name} selects the pods")
        check(not is_selected(test, selects), f"{shape}: {name} does not select the test's pod")
    for service in (it for it in objects if it["kind"] == "Service"):
        for port in service["spec"]["ports"]:
            check(
                port["targetPort"] in ports,
                f"{shape}: {service['metadata']['name']} leads to a port",
            )
            if port["name"] == "grpc":
                check(
                    port["appProtocol"] == ("https" if secured else "kubernetes.io/h2c"),
                    f"{shape}: what the API speaks",
                )
    monitor, metrics = one(objects, "ServiceMonitor"), one(objects, "Service", "-metrics")
    check(bool(monitor) == bool(metrics), f"{shape}: a monitor has its Service")
    if monitor:
        check(
            is_selected(metrics["metadata"]["labels"], monitor["spec"]["selector"]["matchLabels"]),
            f"{shape}: it selects it",
        )

    # What watches it arrives as it is written.
    rules, dashboard = one(objects, "PrometheusRule"), one(objects, "ConfigMap", "-dashboard")
    if rules:
        check(
            rules["spec"] == yaml.safe_load((CHART / "files/alerts.yaml").read_text()),
            f"{shape}: the alert rules arrive",
        )
    if dashboard:
        shown = json.loads(dashboard["data"]["courtesy.json"])
        check(
            shown == json.loads((CHART / "files/dashboard.json").read_text()),
            f"{shape}: the dashboard arrives",
        )
    check(
        bool(rules) == bool(dashboard) == (shape == "everything"),
        f"{shape}: rules and dashboard where they are asked for",
    )

    # An empty rule lets no caller in.
    policy = one(objects, "NetworkPolicy")
    for rule in policy["spec"]["ingress"]:
        check(rule["from"] and all(rule["from"]), f"{shape}: a rule lets all callers in")
        check(all(it["port"] in ports for it in rule["ports"]), f"{shape}: a rule's port is there")

    many = values.get("replicaCount", 1) > 1 or "autoscaling" in values
    check(
        bool(one(objects, "PodDisruptionBudget")) == many,
        f"{shape}: a disruption budget where there are many",
    )
    embedded = values.get("store", {}).get("type", "embedded") == "embedded"
    check(
        bool(one(objects, "PersistentVolumeClaim")) == embedded,
        f"{shape}: a claim for an embedded store",
    )
    strategy = deployment["spec"]["strategy"]["type"]
    check(
        strategy == ("Recreate" if embedded else "RollingUpdate"),
        f"{shape}: the strategy is {strategy}",
    )
    check(
        bool(one(objects, "HorizontalPodAutoscaler")) == ("replicas" not in deployment["spec"]),
        f"{shape}: one sets replicas",
    )


# A shape, the changes that break it, and a word of the refusal.
REFUSED = [
    (
        "embedded",
        {"allowUnauthenticated": False},
        "credentials.existingSecret; or set allowUnauthenticated",
    ),
    (
        "embedded",
        {"allowUnauthenticated": False, "tls": {"existingSecret": "t"}},
        "credentials.existingSecret",
    ),
    (
        "embedded",
        {"tls": {"existingSecret": "t", "clientCa": {"existingSecret": "ca"}}},
        "credentials.existingSecret",
    ),
    (
        "redis-cluster",
        {"tls": {"allowKeysInClear": False}},
        "tls.allowKeysInClear: true if the network encrypts",
    ),
    ("embedded", {"credentials": {"existingSecret": "c"}}, "would travel in the clear"),
    ("embedded", {"tls": {"allowKeysInClear": "yes"}}, "/tls/allowKeysInClear"),
    ("redis-cluster", {"tls": {"clientCa": {"existingSecret": "ca"}}}, "tls.existingSecret"),
    (
        "redis-cluster",
        {"credentials": {"existingSecret": "No Secret"}},
        "/credentials/existingSecret",
    ),
    ("redis-cluster", {"credentials": {"key": "../other"}}, "/credentials/key"),
    ("redis-cluster", {"credentials": {"secret": "courtesy_x"}}, "secret"),
    ("tls-sentinel", {"tls": {"certificate": "cert"}}, "certificate"),
    ("embedded", {"reflection": "no"}, "/reflection"),
    ("embedded", {"admin": 0}, "/admin"),
    ("embedded", {"config": {"credentials_file": "/c.toml"}}, "credentials_file"),
    ("embedded", {"config": {"admin": False}}, "admin"),
    ("embedded", {"allowUnauthenticated": "yes"}, "/allowUnauthenticated"),
    ("embedded", {"replicaCount": 2}, "one pod"),
    ("embedded", {"replicaCount": 0}, "/replicaCount"),
    ("embedded", {"replicaCount": "1"}, "/replicaCount"),
    ("embedded", {"autoscaling": {"enabled": True}}, "one pod"),
    ("embedded", {"replicas": 2}, "replicas"),
    ("embedded", {"store": {"type": "postgres"}}, "/store/type"),
    ("embedded", {"store": {"embedded": {"size": "lots"}}}, "/store/embedded/size"),
    ("embedded", {"keyHashSecret": {"name": "s"}}, "keyHashSecret"),
    ("embedded", {"config": {"lisen": "x"}}, "lisen"),
    ("embedded", {"config": {"listen": "0.0.0.0:1"}}, "listen"),
    ("embedded", {"config": {"redis_password": "hunter2"}}, "redis_password"),
    ("embedded", {"config": {"deadline_max": "2"}}, "/config/deadline_max"),
    ("embedded", {"config": {"threads": 1.5}}, "/config/threads"),
    ("embedded", {"config": {"otlp_sample": "0.5"}}, "/config/otlp_sample"),
    ("embedded", {"config": {"otlp_endpoint": "https://collector:4317"}}, "/config/otlp_endpoint"),
    ("embedded", {"config": {"decision_log": "redis://me:hunter2@redis"}}, "/config/decision_log"),
    ("embedded", {"dashboard": {"enabled": "yes"}}, "/dashboard/enabled"),
    ("embedded", {"image": {"digest": "sha256:1"}}, "/image/digest"),
    ("embedded", {"service": {"port": 70000}}, "/service/port"),
    ("embedded", {"pages": {"enabled": True}}, "publicUrl"),
    (
        "embedded",
        {"pages": {"enabled": True, "publicUrl": "https://example.com"}},
        "networkPolicy.pages",
    ),
    ("embedded", {"serviceMonitor": {"enabled": True}}, "networkPolicy.metrics"),
    ("redis-cluster", {"installationSecret": {"name": ""}}, "share a secret"),
    ("redis-cluster", {"store": {"redis": {"url": ""}}}, "store.redis.url"),
    (
        "redis-cluster",
        {"store": {"redis": {"url": "redis://me:hunter2@redis"}}},
        "/store/redis/url",
    ),
    ("redis-cluster", {"store": {"redis": {"caSecret": {"name": "ca"}}}}, "rediss"),
    ("redis-cluster", {"store": {"redis": {"password": "hunter2"}}}, "password"),
    ("everything", {"autoscaling": {"minReplicas": 9}}, "minReplicas"),
    ("everything", {"pages": {"ingress": {"host": ""}}}, "host"),
    ("embedded", {"console": {"enabled": True}}, "console.url"),
    ("everything", {"networkPolicy": {"console": []}}, "networkPolicy.console"),
]


def merged(base, changes):
    result = copy.deepcopy(base)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if both else value
    return result


def check_refusals(chart):
    for shape, changes, word in REFUSED:
        values = merged(values_of(shape), changes)
        try:
            # What `helm install` does: first the schema, then the templates.
            chart.validate_schema(values)
            chart.render(values, name="demo", namespace="crm")
        except helm.HelmError as error:
            check(word in str(error), f"{shape} with {changes}: `{word}` is not in: {error}")
        else:
            check(False, f"{shape} with {changes} is not refused")


def check_test(chart):
    """What `helm test` says to the API, said to a server that knows its callers; there is a network
    only here."""
    asks = one(render(chart, values_of("everything"))[0], "Pod", "-test")
    arguments, mounts = (
        asks["spec"]["containers"][0]["args"],
        asks["spec"]["volumes"][0]["projected"]["sources"],
    )
    paths = {
        f"/etc/courtesy/secrets/{item['path']}" for it in mounts for item in it["secret"]["items"]
    }
    check(
        {it.split("=", 1)[1] for it in arguments if "-file=" in it} == paths,
        f"helm test reads {paths}: {arguments}",
    )
    check(
        "--server=https://demo-courtesy.crm.svc:50051" in arguments,
        f"helm test asks over TLS: {arguments}",
    )
    with tempfile.TemporaryDirectory() as work:
        make = [COURTESY, "credentials", "create", "probe", "--role", "auditor"]
        key = subprocess.run(make, cwd=work, capture_output=True, text=True, check=True).stdout
        (pathlib.Path(work) / "key").write_text(key)
        serve = [
            COURTESY,
            "serve",
            "--listen=127.0.0.1:0",
            "--operations=off",
            "--pages=off",
            "--console=off",
            "--admin=false",
            "--credentials-file=credentials.toml",
        ]
        with subprocess.Popen(
            serve, cwd=work, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as server:
            try:
                api = next(it for it in server.stdout if "API" in it).split()[1]
                known = [it for it in arguments if "-file=" not in it and "--server" not in it] + [
                    f"--server={api}"
                ]
                for more, good in [([f"--api-key-file={work}/key"], True), ([], False)]:
                    said = subprocess.run(
                        [COURTESY, *known, *more], capture_output=True, text=True, check=False
                    )
                    check(
                        (said.returncode == 0) == good,
                        f"helm test with {more}: {said.stdout}{said.stderr}",
                    )
            finally:
                server.terminate()


def check_keys():
    """Every setting is the chart's own, or may be given; and the schema knows no other."""
    _, says = effective([])
    settings = {line.split(" = ")[0] for line in says.splitlines()}
    schema = json.loads((CHART / "values.schema.json").read_text())
    given = set(schema["properties"]["config"]["properties"])
    check(
        given == settings - OWN - NEVER,
        f"the schema's config and the settings differ: {given ^ (settings - OWN - NEVER)}",
    )
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    known = set(schema["properties"]) - {"global"}
    check(known == set(values), f"the schema and values.yaml differ: {known ^ set(values)}")
    version = re.search(r'^version = "(.*)"', pathlib.Path("Cargo.toml").read_text(), re.M)[1]
    about = yaml.safe_load((CHART / "Chart.yaml").read_text())
    check(about["appVersion"] == version, "the chart's appVersion is the crate's version")


def check_containers():
    """What can be checked without a container engine: the flags and variables are those of the
    binary."""
    compose = yaml.safe_load(pathlib.Path("compose.yaml").read_text())
    service, redis = compose["services"]["courtesy"], compose["services"]["redis"]
    accepted, says = effective(service["command"][1:])
    check(accepted, f"compose.yaml: courtesy refuses its flags: {says}")
    check(service["read_only"] and redis["read_only"], "compose.yaml: read-only roots")
    check(
        all(it.startswith("127.0.0.1:") for it in service["ports"]),
        "compose.yaml: only this machine reaches it",
    )
    wanted = ["--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"]
    check(redis["command"][1:7] == wanted, "compose.yaml: Redis keeps what it acknowledges")
    helps = [[COURTESY, command, "--help"] for command in ["serve", "health"]]
    known = "".join(
        subprocess.run(it, capture_output=True, text=True, check=True).stdout for it in helps
    )
    image = pathlib.Path("Dockerfile").read_text()
    for variable in re.findall(r"COURTESY_[A-Z_]+", image):
        check(
            f"[env: {variable}=" in known, f"Dockerfile: {variable} means nothing to its commands"
        )
    check("USER 65532:65532" in image, "Dockerfile: not root")


def main():
    with helm.Chart.load(str(CHART)) as chart:
        shapes = sorted(it.stem for it in (CHART / "ci").glob("*.yaml"))
        for shape in shapes:
            check_shape(shape, chart)
        check_refusals(chart)
        check_test(chart)
    check_keys()
    check_containers()
    if failures:
        sys.exit(f"{len(failures)} failures")
    print(
        f"Helm {helm.helm_sdk_version()}: {len(shapes)} values files render and validate, "
        f"{len(REFUSED)} are refused"
    )


main()
