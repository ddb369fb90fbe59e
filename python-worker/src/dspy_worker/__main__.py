"""Starts a worker: `python -m dspy_worker`."""

import os
import sys

import dspy_worker.parent  # noqa: F401 - notes who started this process before that one can die
from dspy_worker.environment import prepare_environment


def run() -> int:
    """Prepares the process, then imports and runs the worker."""
    prepare_environment()
    from dspy_worker.main import main  # noqa: PLC0415 - DSPy reads its environment when it is imported

    return main()


if __name__ == "__main__":
    status = run()
    sys.stderr.flush()
    # A thread that never came back must not keep the process.
    os._exit(status)
