"""The file of keys in docs/operations.md, as LiteLLM calls it."""

import asyncio
import re
from pathlib import Path

import pytest
from fastapi import HTTPException

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"


def test_knows_its_keys_and_answers_others_with_401(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITELLM_MASTER_KEY", "sk-master")
    monkeypatch.setenv("SUPPORT_KEY", "sk-support")
    source = re.search(r"```python\n(.*?check_key.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert source is not None
    module: dict = {}
    exec(source[1], module)
    ask = module["check_key"]
    assert asyncio.run(ask(None, "sk-support")).models == ["auto", "gpt-5-mini"]
    assert asyncio.run(ask(None, "sk-master")).user_role == "proxy_admin"
    with pytest.raises(HTTPException) as refused:
        asyncio.run(ask(None, "sk-other"))
    assert refused.value.status_code == 401
