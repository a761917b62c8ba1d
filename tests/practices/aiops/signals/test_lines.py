from opsweave.analysis.signal import SeriesKey
from opsweave.practices.aiops.signals import SignalBuilder

from .rows import CART, at, batch, log, span


def test_rates_of_lines_errors_and_grave_templates():
    builder = SignalBuilder()
    lines = [log(1 + i / 10, f"order {i} took {i}ms") for i in range(10)]
    lines += [log(2, f"pool exhausted after {i} ms", 17) for i in range(5)]
    builder.feed(batch(logs=lines))
    (frame,) = builder.close(at(8))
    assert frame.values[SeriesKey(CART, "logs")] == 3.0
    assert frame.values[SeriesKey(CART, "error_logs")] == 1.0
    templates = [key.indicator for key in frame.values if "log_template" in key.indicator]
    assert len(templates) == 1
    assert builder.template_text(templates[0]) == "pool exhausted after <*> ms"


def test_novelty_of_the_time_since_onset():
    builder = SignalBuilder()
    for second in range(60):
        builder.feed(batch(logs=[log(second, f"order {second} stored")]))
    builder.close(at(62))
    lines = [log(61 + i, f"cannot decode field amount of row {i}", 17) for i in range(8)]
    builder.feed(batch(logs=lines))
    builder.close(at(80))
    (novel,) = builder.log_novelty(at(60), at(80))
    assert novel.new
    assert novel.n == 8
    assert novel.onset_ns == at(61)
    assert novel.score > 0.6
    assert novel.examples[0] == "cannot decode field amount of row 0"


def test_the_first_lines_of_an_entity_that_was_silent_so_far_are_novel():
    builder = SignalBuilder()
    builder.feed(batch(spans=[span(second, 20, f"s{second}") for second in range(60)]))
    builder.feed(batch(logs=[log(61 + n, "not let in: 401", 17) for n in range(5)]))
    builder.close(at(80))
    (novel,) = builder.log_novelty(at(60), at(80))
    assert novel.new
    assert novel.n == 5
