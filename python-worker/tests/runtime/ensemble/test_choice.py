from typing import Any

import pytest

from builders import enum, field, spec
from dspy_worker.contracts.messages import Ensemble
from dspy_worker.failures import UnsupportedOption
from dspy_worker.runtime.ensemble.choice import ModelAnswer, choose

OUTPUTS = spec(
    [field("question")],
    [field("city"), field("mood", enum("happy", "happy!")), field("count", "int"), field("sure", "probability")],
).outputs


def ensemble(strategy: str, *fields: str) -> Ensemble:
    model = {"id": "01930000-0000-7000-8000-000000000003", "version": 1, "name": "m", "format": "chat"}
    return Ensemble.from_wire({"strategy": strategy, "fields": list(fields), "models": [model] * 3})


def taken(strategy: str, fields: list[str], answers: list[dict[str, Any]], order: tuple[int, ...] = (0, 1, 2)) -> int:
    came = [ModelAnswer(place, answers[place]) for place in order if place < len(answers)]
    return choose(ensemble(strategy, *fields), OUTPUTS, came).place


def test_first_takes_what_came_first() -> None:
    assert taken("first", [], [{"count": 1}, {"count": 2}, {"count": 3}], (2, 0, 1)) == 2


@pytest.mark.parametrize(
    ("fields", "answers", "place"),
    [
        (["city"], [{"city": "Rome"}, {"city": "Paris."}, {"city": "paris"}], 1),
        (["count"], [{"count": 1}, {"count": -1}, {"count": -1}], 1),
        (["mood"], [{"mood": "happy"}, {"mood": "happy!"}, {"mood": "happy!"}], 1),
        (["city", "count"], [{"city": "A b", "count": 1}, {"city": "a b", "count": 2}, {"city": "A b", "count": 2}], 1),
        (["city"], [{"city": "  "}, {"city": ""}, {"city": "Oslo"}], 2),
        (["city"], [{"city": ""}, {"city": ""}], 0),
        (["city"], [{"city": "Rome"}, {"city": "Paris"}, {"city": "Oslo"}], 0),
    ],
)
def test_vote_takes_the_earliest_model_of_the_most(
    fields: list[str], answers: list[dict[str, Any]], place: int
) -> None:
    assert taken("vote", fields, answers) == place
    assert taken("vote", fields, answers, (2, 1, 0)) == place


def test_best_takes_the_highest_value_and_of_equal_ones_the_earliest_model() -> None:
    answers = [{"sure": 0.2}, {"sure": 0.9}, {"sure": 0.9}]
    assert taken("best", ["sure"], answers, (2, 0, 1)) == 1


def test_an_output_that_is_not_there_is_refused_with_the_remedy() -> None:
    with pytest.raises(UnsupportedOption, match=r'no output "town".*config\.multi\.fields'):
        taken("vote", ["town"], [{"city": "Rome"}])
