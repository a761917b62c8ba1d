"""Prints of kubectl as they come, with one thing wrong in each."""

import pytest

from opsweave.analysis.causality.clues.state import opinion
from opsweave.analysis.causality.clues.state.kubectl import read, rows, seconds
from opsweave.analysis.causality.dossier import Dossier

POD = """Name:             {name}-7f9c6d5b8-abcde
Namespace:        shop
Node:             {node}
Labels:           app={name}
                  pod-template-hash=7f9c6d5b8
Status:           {status}
Controlled By:    ReplicaSet/{name}-7f9c6d5b8
Containers:
  main:
    Port:           {port}/TCP
    State:          {state}
    Ready:          {ready}
    Restart Count:  {restarts}
    Environment:
      {environment}
Conditions:
  Type              Status
  Ready             {ready}
Events:
{events}
"""
SERVICE = """Name:              {name}
Namespace:         shop
Selector:          app={selector}
Port:              main  80/TCP
TargetPort:        {target}
Endpoints:         {endpoints}
"""


def pod(name, **changes):
    about = {
        "name": name, "node": "node-a/10.0.0.1", "status": "Running", "port": 8080,
        "state": "Running", "ready": "True", "restarts": 0, "environment": "LEVEL:  info",
        "events": "",
    }  # fmt: skip
    return POD.format(**{**about, **changes})


def service(name, **changes):
    about = {
        "name": name,
        "selector": name,
        "target": "8080/TCP",
        "endpoints": "172.16.0.9:8080",
    }
    return SERVICE.format(**{**about, **changes})


def cluster(pods=None, services=None, more=None, names=("basket", "search", "pay")):
    """A healthy cluster of three services but for what is given."""
    state = {}
    for name in names:
        state[f"kubectl describe pods {name}-7f9c6d5b8-abcde -n shop"] = pod(name)
        state[f"kubectl describe services {name} -n shop"] = service(name)
    state["kubectl get services -n shop"] = "NAME     TYPE\n" + "".join(
        f"{n:8} ClusterIP\n" for n in names
    )
    state["kubectl get deployments -n shop"] = "NAME     READY\n" + "".join(
        f"{n:8} 1/1\n" for n in names
    )
    state["kubectl get nodes"] = (
        "NAME     STATUS                     ROLES\n"
        "cp-1     Ready,SchedulingDisabled   control-plane\n"
        "node-a   Ready                      <none>\n"
    )
    for name, text in (pods or {}).items():
        state[f"kubectl describe pods {name}-7f9c6d5b8-abcde -n shop"] = text
    for name, text in (services or {}).items():
        state[f"kubectl describe services {name} -n shop"] = text
    state.update(more or {})
    nodes = dict.fromkeys(names, "service") | {
        "node-a": "host",
        "cp-1": "host",
        "shop": "namespace",
    }
    return Dossier(start_ns=0, end_ns=10**9, nodes=nodes, state=state)


def first(dossier):
    suspects = sorted(opinion(dossier, {}).suspects, key=lambda s: -s.nats)
    return (suspects[0].entity, suspects[0].indicator) if suspects else None


def test_a_healthy_cluster_accuses_nobody():
    assert opinion(cluster(), {}).suspects == ()


def test_without_a_recorded_state_nothing_is_said():
    assert opinion(Dossier(start_ns=0, end_ns=1), {}).suspects == ()


WARNING = "  Warning  {reason}  {age}  kubelet  {message}"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"state": "Waiting\n      Reason:       ImagePullBackOff", "ready": "False"},
            ("search", "ImagePullBackOff"),
        ),
        (
            {
                "state": "Waiting\n      Reason:       CrashLoopBackOff\n    Last State:     "
                "Terminated\n      Reason:       OOMKilled",
                "ready": "False",
                "restarts": 4,
            },
            ("search", "OOMKilled"),
        ),
        (
            {
                "node": "<none>",
                "status": "Pending",
                "ready": "False",
                "events": WARNING.format(
                    reason="FailedScheduling",
                    age="70s",
                    message="0/3 nodes are available: 3 Insufficient memory.",
                ),
            },
            ("search", "FailedScheduling"),
        ),
        (
            {
                "restarts": 3,
                "events": WARNING.format(
                    reason="Unhealthy",
                    age="5s (x12 over 90s)",
                    message="Liveness probe failed: HTTP probe failed with statuscode: 404",
                ),
            },
            ("search", "probe"),
        ),
        ({"node": "<none>", "status": "Pending", "ready": "False"}, ("cp-1", "scheduler")),
        ({"environment": "PAY_ADDR:  pay:8181"}, ("search", "address")),
    ],
)
def test_pods_that_do_not_run(changes, expected):
    assert first(cluster({"search": pod("search", **changes)})) == expected


@pytest.mark.parametrize(
    ("changes", "indicator"),
    [
        ({"target": "9090/TCP"}, "target port"),
        ({"target": "8080/UDP"}, "protocol"),
        ({"target": "api-port/TCP", "endpoints": "172.16.0.9"}, "target port"),
        ({"selector": "serach", "endpoints": ""}, "selector"),
    ],
)
def test_services_that_lead_nowhere(changes, indicator):
    assert first(cluster(services={"search": service("search", **changes)})) == (
        "search",
        indicator,
    )


def test_the_noise_of_a_start_that_went_well_is_no_finding():
    early = WARNING.format(
        reason="Unhealthy", age="60s", message="Readiness probe failed: connection refused"
    )
    replicas = (
        "Name:  search-7f9c6d5b8\nSelector:  app=search\nControlled By:  Deployment/search\n"
        "Events:\n"
        + WARNING.format(reason="FailedCreate", age="70s", message='serviceaccount "x" not found')
    )
    more = {"kubectl describe replicasets search-7f9c6d5b8 -n shop": replicas}
    assert first(cluster({"search": pod("search", events=early)}, more=more)) is None


def test_a_node_that_is_not_ready_comes_before_its_pods():
    sandbox = WARNING.format(
        reason="FailedCreatePodSandBox",
        age="30s",
        message="Failed to create pod sandbox: rpc error: code = Unavailable desc = no socket",
    )
    waiting = {"state": "Waiting\n      Reason:       ContainerCreating", "ready": "False"}
    nodes = "NAME     STATUS     ROLES\nnode-a   NotReady   <none>\n"
    pods = {"search": pod("search", status="Pending", events=sandbox, **waiting)}
    assert first(cluster(pods, more={"kubectl get nodes": nodes}))[0] == "node-a"


def test_a_used_up_quota_matters_only_when_something_is_missing():
    quota = {
        "kubectl describe resourcequota q -n shop": "Name:       q\nNamespace:  shop\n"
        "Resource       Used  Hard\n--------       ----  ----\npods           3     3\n"
    }
    assert first(cluster(more=quota)) is None
    short = {"kubectl get deployments -n shop": "NAME     READY\nbasket   1/1\nsearch   0/1\n"}
    assert first(cluster(more=quota | short))[0] == "shop"


def test_tables_are_cut_at_their_heads():
    found = rows(
        "NAME    STATUS    NOMINATED NODE\na       Running   <none>\nb-long  Pending   x\n"
    )
    assert [r["STATUS"] for r in found] == ["Running", "Pending"]
    assert found[1]["NOMINATED NODE"] == "x"


def test_ages_and_counts_of_events():
    assert seconds("3m11s") == 191
    text = "Events:\n  Warning  BackOff  52s (x9 over 107s)  kubelet  Back-off restarting\n"
    event = read({"kubectl describe pods p -n n": text}).of("pods")["p"].warnings[0]
    assert (event.ago_s, event.times, event.over_s) == (52, 9, 107)


def test_text_that_is_no_print_of_kubectl_is_left_alone():
    state = {
        "uptime": "up 3 days",
        "kubectl": "",
        "kubectl get": "x",
        "kubectl get pods": "\x00\xff",
    }
    assert opinion(Dossier(start_ns=0, end_ns=1, state=state), {}).suspects == ()
