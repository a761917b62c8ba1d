import xml.etree.ElementTree as ET

from opsweave.bench.page.chart import chart, charts
from opsweave.bench.result import Dataset, Figure, Part, Result

ROWS = [
    ("a", "ours", Figure(0.8, 0.6, 0.95)),
    ("a", "<peer>", Figure(0.2)),
    ("b", "ours", Figure(0.5)),
]


def bars(drawn):
    tree = ET.fromstring(drawn)
    return [
        float(b.get("width"))
        for b in tree.iter("{http://www.w3.org/2000/svg}rect")
        if b.get("width") != "100%"
    ]


def test_bars_are_as_long_as_their_figures():
    lengths = bars(chart("toy", ROWS))
    assert [round(length / lengths[0], 3) for length in lengths] == [1.0, 0.25, 0.625]


def test_names_are_escaped_and_nothing_is_loaded():
    drawn = chart("a & b", ROWS)
    assert "&lt;peer&gt;" in drawn
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_negative_figures_do_not_leave_the_page():
    assert bars(chart("toy", [("a", "ours", Figure(-0.5, -0.7, -0.1))])) == [0.0]


def test_one_chart_a_figure_over_all_cases():
    part = Part("all", 3, {"AC@1": Figure(0.5)})
    sets = [Dataset("x", "ours", [part]), Dataset("y", "ours", [Part("dev", 1, part.figures)])]
    made = charts(Result("rca", "", {}, {}, sets))
    assert [name for name, _ in made] == ["bench-rca-ac-1.svg"]
    assert len(bars(made[0][1])) == 1
