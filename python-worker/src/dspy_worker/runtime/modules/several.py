"""What the modules that ask for several answers have in common."""

from dspy_worker.contracts.messages import ProgramConfig

_ATTEMPTS = 3


def attempts_of(config: ProgramConfig) -> int:
    """Returns how many answers a program asks for."""
    return config.attempts if isinstance(config.attempts, int) else _ATTEMPTS


def temperature_of(config: ProgramConfig, usual: float) -> float:
    """Returns the temperature of a predictor whose answers have to differ: the usual, if the program has none.

    As a setting of the predictor it goes before what a saved state brings.
    """
    return config.temperature if isinstance(config.temperature, (int, float)) else usual
