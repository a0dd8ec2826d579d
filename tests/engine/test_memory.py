"""A step runs only if something that it read has changed."""

from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np
import pytest

from engine.alike import same
from engine.memory import Memory, OneEvaluation, kept
from engine.plant import Boxes, Loops, Plant, Racks, Site

PLANT = Plant(
    boxes=Boxes(id=("a", "b")),
    racks=Racks(id=("a", "b"), box=[0, 1], sustained_kw=[1.0, 2.0], loop=[0, 0]),
    loops=Loops(id=("one",)),
)


@dataclass(frozen=True, slots=True)
class Total:
    """An answer with an array and a part of what was given."""

    kw: np.ndarray
    site: Site


def total(plant: Plant) -> Total:
    return Total(plant.racks.sustained_kw * 2.0, plant.site)


def names(plant: Plant) -> tuple[str, ...]:
    return plant.racks.id if len(plant.racks) else ()


def both(plant: Plant, memory: Memory) -> tuple[Total, tuple[str, ...]]:
    return memory.step(total, plant), kept(memory, names, plant)


def with_racks(**columns) -> Plant:
    return replace(PLANT, racks=replace(PLANT.racks, **columns))


def test_a_step_runs_again_when_a_column_that_it_read_changed():
    memory = Memory()
    first = memory.step(total, PLANT)

    assert memory.step(total, with_racks(price_usd=[5.0, 5.0])) is first
    assert memory.step(total, with_racks(sustained_kw=[1.0, 3.0])).kw.tolist() == [2.0, 6.0]
    assert memory.ran == ["total", "total"]


def test_what_got_into_an_answer_counts_as_read():
    memory = Memory()
    memory.step(total, PLANT)

    warmer = memory.step(total, replace(PLANT, site=Site(tcs_supply_c=44.0)))

    assert warmer.site.tcs_supply_c == 44.0 and type(warmer.site) is Site


def test_a_step_reads_what_the_steps_within_it_read():
    memory = Memory()
    memory.step(both, PLANT, memory)
    memory.ran.clear()

    memory.step(both, with_racks(sustained_kw=[4.0, 4.0]), memory)
    assert memory.ran == ["total", "both"]
    memory.step(both, with_racks(sustained_kw=[4.0, 4.0]), memory)
    assert memory.ran == ["total", "both"]
    assert memory.step(both, with_racks(id=("a", "c")), memory)[1] == ("a", "c")


def largest(plant: Plant, least_kw: float) -> float:
    return max(least_kw, float(plant.racks.sustained_kw.max()))


def with_largest(plant: Plant, memory: Memory) -> float:
    return 2.0 * memory.zone("in all", largest, plant, plant.site.power_factor)


def test_a_step_stands_while_the_steps_within_it_answer_the_same():
    memory = Memory()
    assert memory.step(with_largest, PLANT, memory) == 4.0
    memory.ran.clear()

    assert memory.step(with_largest, with_racks(sustained_kw=[2.0, 1.0]), memory) == 4.0
    assert memory.ran == ["largest"]
    assert memory.step(with_largest, with_racks(sustained_kw=[3.0, 9.0]), memory) == 18.0
    idle = replace(with_racks(sustained_kw=[0.0, 0.0]), site=Site(power_factor=0.5))
    assert memory.step(with_largest, idle, memory) == 1.0


def test_what_only_a_step_within_a_step_that_stands_needs_is_kept():
    memory = Memory()
    for _ in range(3):
        memory.begin(PLANT)
        memory.step(both, PLANT, memory)
        memory.end()

    memory.step(both, with_racks(id=("a", "c")), memory)

    assert memory.ran == ["names", "both"]


def of_part(part: Racks, *, memory: Memory) -> float:
    return memory.step(float, part.sustained_kw.sum())


def through_a_part(plant: Plant, memory: Memory) -> float:
    racks = plant.racks
    return memory.step(of_part, racks, memory=memory) if len(racks) else 0.0


def test_a_part_that_is_handed_on_is_found_again():
    memory = Memory()
    memory.step(through_a_part, PLANT, memory)

    assert memory.step(through_a_part, with_racks(sustained_kw=[3.0, 1.0]), memory) == 4.0
    assert memory.step(through_a_part, Plant(), memory) == 0.0


def test_an_answer_can_not_be_changed():
    answer = Memory().step(total, PLANT)

    with pytest.raises(ValueError, match="read-only"):
        answer.kw[0] = 7.0


def test_what_is_given_may_change_afterwards():
    memory, given = Memory(), np.array([1.0, 2.0])
    memory.step(np.sum, given)

    given[0] = 5.0

    assert memory.step(np.sum, given) == 7.0


def test_steps_that_were_not_asked_for_are_forgotten():
    memory = Memory()
    memory.begin(PLANT)
    memory.step(total, PLANT)
    memory.begin(PLANT)
    memory.end()

    memory.step(total, PLANT)

    assert memory.ran == ["total"]


def test_a_step_that_fails_leaves_nothing_behind():
    memory = Memory()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            memory.step(divmod, 1, 0)


def test_what_is_begun_with_is_made_of_former_parts():
    memory = Memory()
    former = memory.begin(with_racks())

    assert memory.begin(with_racks()) is former
    changed = memory.begin(with_racks(price_usd=[5.0, 5.0]))
    assert changed.racks.sustained_kw is former.racks.sustained_kw
    assert changed.racks.price_usd.tolist() == [5.0, 5.0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (1, True),
        (0.0, -0.0),
        ((1.0, 2.0), (1.0, 2)),
        ((0.0,), (-0.0,)),
        (np.array([0.0]), np.array([-0.0])),
        (np.array([0, 0]), np.array([0.0, 0.0])),
        (np.array([[1, 2]]), np.array([1, 2])),
        (np.array([1, True], dtype=object), np.array([1, 1], dtype=object)),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (Site(), Site(tcs_supply_c=40)),
        (np.float64(0.0), np.float64(-0.0)),
        (object(), object()),
    ],
)
def test_values_that_a_function_can_tell_apart_are_not_the_same(one, other):
    assert not same(one, other)
    assert same(one, one)


@pytest.mark.parametrize(
    "value",
    [1, -0.5, "x", None, (1, "a", (2.0,)), [1.5], np.arange(3.0), {"a": (1,)}, Site(), PLANT],
    ids=lambda value: type(value).__name__,
)
def test_a_copy_is_the_same(value):
    assert same(value, deepcopy(value))


def test_one_evaluation_works_out_once_what_it_is_asked_twice() -> None:
    asked: list[float] = []

    def doubled(values: np.ndarray) -> np.ndarray:
        asked.append(float(values.sum()))
        return 2.0 * values

    memory = OneEvaluation()
    first = memory.step(doubled, np.array([1.0, 2.0]))
    assert memory.step(doubled, np.array([1.0, 2.0])) is first
    assert memory.step(doubled, np.array([1.0, 3.0])).tolist() == [2.0, 6.0]
    assert asked == [3.0, 4.0]
