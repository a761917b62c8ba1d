import pytest

from opsweave.analysis.causality.clues.metrics.quantity import Kind, quantity


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("process.cpu.utilization", Kind.WORK),
        ("container_cpu_usage_seconds_total", Kind.WORK),
        ("node_load1", Kind.WORK),
        ("load", Kind.TRAFFIC),
        ("diskIO", Kind.WORK),
        ("tcp_retransmits", Kind.WORK),
        ("jvm_memory_used_bytes", Kind.MEMORY),
        ("mem", Kind.MEMORY),
        ("latency-90", Kind.LATENCY),
        ("serverp95", Kind.LATENCY),
        ("http.server.duration", Kind.LATENCY),
        ("rpc_response_time", Kind.LATENCY),
        ("availability_Average", Kind.ERRORS),
        ("http_5xx_ratio", Kind.ERRORS),
        ("http_401_unauthorized_ratio", Kind.ERRORS),
        ("requestErrors", Kind.ERRORS),
        ("requests_Sum", Kind.TRAFFIC),
        ("container_network_receive_bytes_total", Kind.TRAFFIC),
        ("open_sockets", Kind.CROWD),
        ("consumer_lag", Kind.CROWD),
        ("temperature", Kind.OTHER),
    ],
)
def test_the_vocabulary(name, kind):
    assert quantity(name).kind is kind


def test_sides_shares_hosts_and_ends():
    assert quantity("clientLatencyP99").client
    assert quantity("client_latency_p99").share == "99"
    assert quantity("node_memory_usage").host
    assert quantity("latency_average").share == ""
    ends = quantity("success_rate{web->cart}")
    assert (ends.caller, ends.callee, ends.success) == ("web", "cart", True)


def test_only_counts_of_requests_count_requests():
    assert quantity("rps").requests
    assert not quantity("queries_per_request").requests
    assert not quantity("network_receive").requests
    assert quantity("http_requests_total").counter
