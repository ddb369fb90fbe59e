"""The worker of DSPy-Nest: pulls executions from NATS and runs them with DSPy."""

__version__ = "1.0.0"
