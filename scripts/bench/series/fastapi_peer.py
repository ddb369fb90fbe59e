"""DSPy behind FastAPI, as one writes it by hand: a typed route that awaits DSPy, in one process. It stores nothing.

Usage: fastapi_peer.py '{"port", "apiBase", "model", "signature"}'. Ends when its input closes or on SIGTERM.
"""

import json
import os
import signal
import sys
import threading

import dspy
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel


class Question(BaseModel):
    """The body of a request."""

    question: str


class Answer(BaseModel):
    """The body of an answer."""

    answer: str
    confidence: float


def create_app(predict: dspy.Predict) -> FastAPI:
    """Makes the application with its two routes."""
    app = FastAPI()

    @app.get("/ready")
    async def ready() -> dict[str, bool]:
        return {"ready": True}

    @app.post("/executions")
    async def execute(body: Question) -> Answer:
        prediction = await predict.acall(question=body.question)
        return Answer(answer=prediction.answer, confidence=prediction.confidence)

    return app


def end_with_input() -> None:
    """Ends this process when the benchmark is gone."""
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Serves until told to end."""
    task = json.loads(sys.argv[1])
    threading.Thread(target=end_with_input, daemon=True).start()
    lm = dspy.LM(f"openai/{task['model']}", api_base=task["apiBase"], api_key="bench", engine="lm15", cache=False)
    dspy.configure(lm=lm)
    app = create_app(dspy.Predict(task["signature"]))
    uvicorn.run(app, port=task["port"], loop="uvloop", http="httptools", log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
