"""What the charts of a report say of many units that read the same."""

from reports.formats.charts import cdu_load, node_load


def _cdus(*rows):
    tags, normal, lost = zip(*rows, strict=True)
    columns = {"tag": tags, "load_fraction": normal, "lost_one_fraction": lost}
    return cdu_load({"cooling": {"cdus": columns}})


def test_units_that_read_the_same_share_one_bar():
    chart = _cdus(("C1", 0.52, 0.79), ("C2", 0.524, 0.791), ("C3", 0.4, 0.6))

    assert "C2 and 1 alike" in chart.svg
    assert ">C3<" in chart.svg
    assert "other" not in chart.note


def test_what_stands_at_its_limit_is_not_told_apart_from_what_is_over_it_by_rounding():
    chart = _cdus(("C1", 0.5, 1.0), ("C2", 0.5, 1.0001))

    assert "alike" not in chart.svg


def test_units_beyond_the_last_bar_are_counted():
    chart = _cdus(*((f"C{index}", 0.2, index / 100) for index in range(1, 21)))

    assert "The other 8 CDUs are at most 9 % full." in chart.note


def test_a_node_without_a_rating_has_no_bar():
    columns = {"tag": ["U", "V"], "limit_kw": [0.0, 10.0]}
    columns |= {"normal_kw": [1.0, 4.0], "worst_kw": [1.0, 8.0]}

    chart = node_load({"power": {"nodes": columns}})

    assert ">V<" in chart.svg
    assert ">U<" not in chart.svg
    assert "the other side lost" in chart.note
