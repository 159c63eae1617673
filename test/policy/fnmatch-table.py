"""Writes glob-fnmatch.json, the answers of Python's own fnmatch.fnmatchcase.

Run it beside the file it writes: `python3 fnmatch-table.py`.
"""

import fnmatch
import json
from itertools import product
from pathlib import Path

# Each group: every pattern is asked about every name.
GROUPS = [
    (
        ["claude-*", "*", "gpt-4*", "*-opus", "claude-*-*", "claude"],
        ["claude-opus", "claude-", "claude", "gpt-4o", "openai/gpt-4o", "anthropic/claude-opus", ""],
    ),
    (
        ["openai/*", "*/*", "openai/*/x", "/*", "*/"],
        ["openai/gpt-5", "openai/a/b", "openai/", "openai/a/x", "/", "a/b/"],
    ),
    (["**", "a**b", "***a", "**/b", "a/**"], ["", "ab", "axxb", "a/b", "a", "a/x/b"]),
    (["?", "??", "gpt-?", "?/?"], ["", "a", "ab", "gpt-4", "gpt-45", "a/b", "\U0001f600", "é", "\n"]),
    (
        ["[abc]", "[!abc]", "[a-c]x", "[!a-c]x", "gpt-[45]*", "[]]", "[!]]", "[]-a]"],
        ["a", "d", "ax", "dx", "gpt-4o", "gpt-3", "]", "[", "!", "^", "/x"],
    ),
    (["[", "[a", "a[", "[!", "[]", "[!]", "a[]b", "x[y"], ["[", "[a", "a[", "[!", "[]", "[!]", "a[]b", "x[y", "a"]),
    (
        ["[^a]", "[a^]", "[a-]", "[-a]", "[z-a]", "[!z-a]", "[a-z0-9]", "[--/]", "[a-c-e]", "[!-]"],
        ["^", "a", "-", "b", "z", "5", "/", "."],
    ),
    (["\\*", "a\\b", "[\\]", "\\[a]", "\\", "a\\"], ["*", "\\*", "\\x", "a\\b", "ab", "\\", "\\a", "a\\"]),
    (["[[:alpha:]]", "[[:alpha:]]x", "[:alpha:]", "[[a]"], ["a", ":]", "a]", "[", "x", "1"]),
    ([".*", "*", "..", ".", "./*", "*.py"], [".", "..", ".hidden", "./a", "a.py", ".py"]),
    (
        ["!a", "!(a)", "#a", "{a,b}", "@(a|b)", "+(a)", "a{1..3}", "~", "$a"],
        ["!a", "a", "b", "!(a)", "#a", "{a,b}", "@(a|b)", "+(a)", "aa", "a{1..3}", "a2", "~", "$a"],
    ),
    (
        ["모델-*", "[가-힣]?", "é*", "\U0001f600*", "[\U0001f600-\U0001f610]", "Model*"],
        ["모델-1", "가나", "été", "e\u0301t", "\U0001f600x", "\U0001f605", "model", "Model-X"],
    ),
    (["", " ", "a b*", "*\n*", "a\tb"], ["", " ", "a b c", "x\ny", "a\tb"]),
]

rows = [
    [pattern, name, fnmatch.fnmatchcase(name, pattern)]
    for patterns, names in GROUPS
    for pattern, name in product(patterns, names)
]
text = "[\n" + ",\n".join("  " + json.dumps(row) for row in rows) + "\n]\n"
(Path(__file__).parent / "glob-fnmatch.json").write_text(text, encoding="utf-8")
