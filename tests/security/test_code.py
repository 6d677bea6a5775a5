"""What the code never does, read from its syntax trees, its scripts and its templates."""

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.product import APPS

ROOT = Path(__file__).parents[2]
CODE = [
    path
    for app in (*APPS, "segur")
    for path in (ROOT / app).rglob("*.py")
    if not {"migrations", "demo"} & set(path.parts)
]
SCRIPTS = sorted((ROOT / "static" / "segur").glob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

CODE_FROM_DATA = {"eval", "exec", "compile", "__import__"}
OBJECTS_FROM_DATA = {"pickle", "marshal", "shelve", "dill", "jsonpickle", "yaml"}
WEAK_HASHES = {"md5", "sha1"}
OWN_CRYPTOGRAPHY = {"Crypto", "rsa", "ecdsa", "simplecrypt"}


def called(tree):
    """`f` of f(…), `m.f` of m.f(…)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def given(tree):
    """Each argument given by name: this name, and its value where it is written out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg:
            value = node.value
            yield node.arg, value.value if isinstance(value, ast.Constant) else None


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


@dataclass(frozen=True)
class Used:
    """What a file calls and imports, and the arguments that it gives by name."""

    called: set[str]
    imported: set[str]
    given: set[tuple[str, object]]


@cache
def used():
    """By file: each is read once."""
    found = {}
    for path in CODE:
        tree = ast.parse(path.read_text())
        found[str(path.relative_to(ROOT))] = Used(
            {*called(tree)}, {*imported(tree)}, {*given(tree)}
        )
    return found


def found(kind, forbidden):
    """The files that use one of these names, with it."""
    return [
        (file, name)
        for file, one in used().items()
        for name in sorted(getattr(one, kind) & set(forbidden))
    ]


def test_the_whole_code_is_read():
    assert len(CODE) > 500
    assert SCRIPTS
    assert TEMPLATES


def test_no_code_is_made_of_data():
    assert found("called", CODE_FROM_DATA) == []


def test_nothing_but_json_becomes_an_object():
    assert found("imported", OBJECTS_FROM_DATA) == []


def test_no_weak_hash_is_used():
    """But to look a password up in a list of leaked ones, which holds SHA-1."""
    weak = {f"hashlib.{name}" for name in WEAK_HASHES} | WEAK_HASHES
    assert found("called", weak) == [("accounts/rules/leaks.py", "hashlib.sha1")]


def test_no_cipher_is_written_here():
    assert found("imported", OWN_CRYPTOGRAPHY) == []


def test_no_secret_comes_from_a_generator_that_can_be_foreseen():
    """`random` has no place outside the demonstration."""
    assert found("imported", {"random"}) == []


def test_no_shell_is_started():
    assert found("called", {"os.system", "os.popen", "subprocess.getoutput"}) == []
    assert [file for file, one in used().items() if "shell" in dict(one.given)] == []


def test_no_certificate_is_accepted_unverified():
    off = {("verify", False), ("check_hostname", False)}
    assert found("given", off) == []
    assert found("called", {"ssl._create_unverified_context"}) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_the_browser_stores_choices_of_shortcuts_alone(path):
    keys = re.findall(r"(?:local|session)Storage\.\w+\(\s*([^,)]+)", path.read_text())
    assert set(keys) <= {'"shortcut"', '"review-keys"'}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_code_of_data_nor_touches_what_is_pasted(path):
    script = path.read_text()
    pattern = r"\beval\(|new Function|innerHTML|outerHTML|document\.write|[\"']paste[\"']|__proto__"
    assert re.findall(pattern, script) == []


def test_no_page_asks_for_a_plug_in_nor_for_anything_of_another_site():
    tags = r"<(?:object|embed|applet)\b"
    loaded = r"<(?:script|link|img|iframe|source|video|audio)\b[^>]*(?:src|href)=\"(?:https?:)?//"
    wrong = [
        path.name
        for path in TEMPLATES
        if re.search(f"{tags}|{loaded}", path.read_text()) and "mail" not in path.parts
    ]
    assert wrong == []


def test_each_library_is_pinned_with_its_hashes():
    for path in (ROOT / "requirements").glob("*.txt"):
        names = re.split(r"\n(?=\S)", path.read_text().strip())
        wrong = [
            one for one in names if not re.match(r"[\w.\[\]-]+==\S+", one) or "sha256:" not in one
        ]
        assert wrong == [], path.name
