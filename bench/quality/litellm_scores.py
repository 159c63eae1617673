"""Scores prompts with the complexity heuristics that LiteLLM ships, by its own functions.

Reads JSON lines, each a prompt as a string, and writes a line for each: the score and the tier (0 = cheapest) of its
heuristic and of its heuristic_v2. The score of heuristic_v2 is 1 minus the chance of success that it gives the cheapest
tier.
"""

import json
import os
import sys

os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")

from litellm import Router
from litellm.router_strategy.adaptive_router.classifier import classify_prompt
from litellm.router_strategy.complexity_router.complexity_router import ComplexityRouter
from litellm.router_strategy.complexity_router.tier_predictor import TierSuccessPredictor, resolve_tier_artifact

TIERS = ("SIMPLE", "MEDIUM", "COMPLEX", "REASONING")


def main() -> None:
    heuristic = ComplexityRouter("auto", Router(model_list=[]), {"tiers": dict.fromkeys(TIERS, "model")})
    predictor = TierSuccessPredictor(resolve_tier_artifact("ultrafeedback"))
    for line in sys.stdin:
        prompt = json.loads(line)
        tier, score, _signals = heuristic.classify(prompt)
        prediction = predictor.predict(prompt, classify_prompt(prompt))
        answer = {
            "v1": {"score": score, "tier": TIERS.index(tier.value)},
            "v2": {"score": 1 - prediction.probabilities[1], "tier": prediction.required_tier - 1},
        }
        print(json.dumps(answer), flush=True)


main()
