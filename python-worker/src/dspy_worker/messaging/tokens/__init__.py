"""Publishes what executions tell while they run, so that one worker at a time numbers it."""
