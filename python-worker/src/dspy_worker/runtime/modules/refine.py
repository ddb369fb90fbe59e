"""The module Refine: the answer with the highest reward, of attempts that are told what was wrong before."""

from typing import Any

import dspy
from dspy.predict.refine import OfferFeedback
from dspy.utils.exceptions import AdapterParseError

from dspy_worker.contracts.messages import ProgramConfig
from dspy_worker.runtime.modules.attempt import Attempt, Failed, attempting, chosen
from dspy_worker.runtime.modules.best_of_n import TEMPERATURE
from dspy_worker.runtime.modules.reward import FieldReward, threshold_of
from dspy_worker.runtime.modules.several import attempts_of, temperature_of


class Refine(dspy.Refine):  # type: ignore[misc]
    """`dspy.Refine` of one predictor."""

    def __init__(self, signature: type[dspy.Signature], config: ProgramConfig) -> None:
        """Makes the predictor and its reward; raises `UnsupportedOption` if the program has none."""
        reward = FieldReward(signature, config)
        super().__init__(
            module=Attempt(signature, temperature=temperature_of(config, TEMPERATURE)),
            N=attempts_of(config),
            reward_fn=reward,
            threshold=threshold_of(config),
        )
        # DSPy shows the model the source of both, which here says nothing of the program.
        self.module_code = "The program is one predictor, which is asked once for all outputs."
        self.reward_fn_code = f"The reward is the value of the output `{reward.field}`: a number, or 1 for true."

    def forward(self, **inputs: Any) -> dspy.Prediction:  # noqa: ANN401 - any input
        """Returns the best answer; raises `OutputInvalid` if none could be read."""
        with attempting(), dspy.context(adapter=_AdvisedAdapter(dspy.settings.adapter)):
            best = super().forward(**inputs)
        return chosen(best, self.N)


class _AdvisedAdapter(dspy.Adapter):  # type: ignore[misc]
    """Asks as another adapter does, but for advice that does not come: the next attempt then goes without.

    `dspy.Refine` makes adapters of this class without arguments, of which it needs the class only.
    """

    def __init__(self, asking: dspy.Adapter | None = None) -> None:
        super().__init__()
        self.asking = asking

    def __call__(
        self,
        lm: dspy.BaseLM,
        lm_kwargs: dict[str, Any],
        signature: type[dspy.Signature],
        demos: list[dict[str, Any]],
        inputs: dict[str, Any],
    ) -> list[dict[str, Any]]:
        if self.asking is None:
            message = "An adapter that DSPy makes for advice asks through the one it was made beside."
            raise TypeError(message)
        try:
            return list(self.asking(lm, lm_kwargs, signature, demos, inputs))
        except Exception as error:
            if signature is not OfferFeedback:
                raise
            if isinstance(error, AdapterParseError):
                return [{"discussion": "", "advice": {}}]
            raise Failed(error) from error
