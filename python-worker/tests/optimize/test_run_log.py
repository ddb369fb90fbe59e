import logging
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import dspy
import pytest

from dspy_worker.optimize.run_log import RunLog

LOGGER = logging.getLogger("dspy.teleprompt")


@pytest.fixture
def process() -> Iterator[list[str]]:
    """What the log of a process has that hears errors of DSPy only, as that of a worker does."""
    written: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: written.append(record.getMessage())  # type: ignore[method-assign]
    root, library = logging.getLogger(), logging.getLogger("dspy")
    level, propagates = library.level, library.propagate
    library.setLevel(logging.ERROR)
    library.propagate = True
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)
    library.setLevel(level)
    library.propagate = propagates


def test_a_run_hears_what_the_process_does_not(process: list[str]) -> None:
    said: list[str] = []
    lm = SimpleNamespace(engine=object())
    with RunLog(lm, said.append):
        with dspy.context(lm=lm):
            LOGGER.warning("of the run")
            LOGGER.info("a detail")
            LOGGER.info("reflection failed, it says")
            LOGGER.error("a failure of the run")
        LOGGER.warning("of an execution")
        LOGGER.error("a failure of an execution")
    LOGGER.warning("afterwards")
    assert said == ["of the run", "reflection failed, it says", "a failure of the run"]
    assert process == ["a failure of an execution"]


def test_what_optimisers_print_goes_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    lm = SimpleNamespace(engine=object())
    with RunLog(lm, lambda _text: None):
        with dspy.context(lm=lm):
            sys.stdout.write("Bootstrapping set 1/5\n")
        sys.stdout.write("of a tool\n")
    sys.stdout.write("afterwards\n")
    assert capsys.readouterr().out == "of a tool\nafterwards\n"
