import json
from pathlib import Path
from typing import Any

import pytest

from dspy_worker.runtime.tools.declarations import HttpTool, InvalidTools, McpTool, headers_with_secrets, read_tools

SECRET = "DSPY_NEST_TOOL_SECRET_WEATHER"
WEATHER = {
    "name": "weather",
    "kind": "http",
    "description": "The weather of a city.",
    "url": "https://api.example.com/{city}",
    "args": {"city": {"type": "string"}},
    "headers": {"Authorization": f"Bearer ${{{SECRET}}}"},
}
ENVIRONMENT = {SECRET: "long-enough", "DATABASE_URL": "postgresql://db"}


def written(folder: Path, *tools: dict[str, Any]) -> str:
    path = folder / "tools.json"
    path.write_text(json.dumps({"tools": list(tools)}))
    return str(path)


def test_secrets_come_from_the_environment_and_stay_out_of_the_declaration(tmp_path: Path) -> None:
    (tool,) = read_tools(written(tmp_path, WEATHER), ENVIRONMENT)
    assert isinstance(tool, HttpTool)
    assert headers_with_secrets(tool, ENVIRONMENT) == {"Authorization": "Bearer long-enough"}
    assert "long-enough" not in repr(tool)
    assert (tool.method, tool.timeout_ms, tool.max_bytes, tool.trusted) == ("GET", 10_000, 20_000, False)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "Weather"}, "/tools/0/name"),
        ({"name": "finish"}, "name the tool otherwise"),
        ({"kind": "shell"}, "/tools/0: Input tag 'shell'"),
        ({"surprise": 1}, "/tools/0/surprise"),
        ({"url": "file:///etc/passwd"}, "must be an http:// or https:// URL"),
        ({"url": "https://user:pass@example.com/"}, "without user"),
        ({"url": "https://{city}.example.com/"}, "behind the host"),
        ({"url": "https://example.com/{town}"}, "{town}, which is none of args"),
        ({"url": "https://example.com/a b"}, "percent-encoded"),
        ({"args": {"city": {"type": "strin"}}}, "args are no JSON Schemas"),
        ({"headers": {"Host": "other"}}, "no header that a tool may set"),
        ({"headers": {"X-A": "a\r\nHost: b"}}, "no HTTP header carries"),
        ({"headers": {"X-A": "${DATABASE_URL}"}}, "a secret is a variable DSPY_NEST_TOOL_SECRET_"),
        ({"headers": {"X-A": "${DSPY_NEST_TOOL_SECRET_NONE}"}}, "needs DSPY_NEST_TOOL_SECRET_NONE"),
        ({"timeoutMs": 0}, "/tools/0/timeoutMs"),
        ({"maxBytes": 10_000_000}, "/tools/0/maxBytes"),
    ],
)
def test_a_declaration_that_cannot_be_used_is_refused_with_its_place(
    change: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidTools) as refused:
        read_tools(written(tmp_path, {**WEATHER, **change}), ENVIRONMENT)
    assert said in str(refused.value)
    assert "postgresql://db" not in str(refused.value)


def test_a_name_stands_for_one_tool(tmp_path: Path) -> None:
    with pytest.raises(InvalidTools, match='"weather" stands there twice'):
        read_tools(written(tmp_path, WEATHER, WEATHER), ENVIRONMENT)


def test_a_file_that_is_not_there_or_no_json_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidTools):
        read_tools(str(tmp_path / "none.json"), {})
    (tmp_path / "text.json").write_text("tools:")
    with pytest.raises(InvalidTools):
        read_tools(str(tmp_path / "text.json"), {})


def test_a_tool_of_an_mcp_server_says_where_it_is_and_nothing_that_the_server_says(tmp_path: Path) -> None:
    declared = {"name": "search", "kind": "mcp", "url": "https://mcp.example.com/mcp", "tool": "search_docs"}
    (tool,) = read_tools(written(tmp_path, declared), {})
    assert isinstance(tool, McpTool)
    with pytest.raises(InvalidTools, match="/tools/0/args"):
        read_tools(written(tmp_path, {**declared, "args": {}}), {})
