"""Reads {call_type, field, body, ends} from standard input, and writes what the real callback sends of the body at each
of these lengths of its conversation: one envelope of POST /v1/route a line."""

import json
import os
import sys
from pathlib import Path

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
sys.path.insert(0, str(Path(__file__).parents[3]))

from callback.signalbox import Conversation, dump

for line in sys.stdin:
    asked = json.loads(line)
    for end in asked["ends"]:
        body = {**asked["body"], asked["field"]: asked["body"][asked["field"]][:end]}
        conversation = Conversation(body, asked["call_type"])
        envelope = {"call_type": asked["call_type"], "body": conversation.extract(), "facts": conversation.facts()}
        sys.stdout.buffer.write(dump(envelope) + b"\n")
