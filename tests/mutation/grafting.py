"""Put a mutant in the place of the code that a running process has loaded already.

Only the one statement of the module that changed is executed, in the module's own namespace. What
it defines then takes the place of what others hold: a function gets the new code, a class the new
attributes, a constant is set in every module that imported it, and what the module computes from
it is computed again. `NotGraftableError` for the few shapes that need a new process.
"""

import __future__

import ast
import enum
import functools
import gc
import sys
from types import FunctionType, MemberDescriptorType, ModuleType
from typing import Any

from tests.mutation.mutants import statements

ROOTS = (
    "accounts",
    "api",
    "calendar_app",
    "documents",
    "journal",
    "mailing",
    "parameters",
    "perf",
    "pilots",
    "segur",
    "tests",
)
FIXED = (enum.Enum, tuple)
LEFT_ALONE = {"__dict__", "__weakref__", "__doc__", "__module__", "__slots__", "__annotations__"}


class NotGraftableError(Exception):
    """Needs a new process."""


def graft(module: ModuleType, before: str, after: str) -> None:
    """Raises what the statement raises, and NotGraftableError. Where both sources are the same,
    every function and class is put in place again, which must change nothing.
    """
    old, new = statements(before), statements(after)
    if len(old) != len(new):
        raise NotGraftableError("a statement of the module was removed")
    body, names = ast.parse(after).body, set[str]()
    for statement, was, is_now in zip(body, old, new, strict=True):
        again = before == after and is_graftable(
            module.__dict__.get(getattr(statement, "name", ""))
        )
        if again or was != is_now or (names and _depends(statement, names)):
            names = _reaching(body, names | _execute(module, statement))


def is_graftable(value: object) -> bool:
    """Whether it is a function or a class that can be changed in place."""
    if not isinstance(value, type):
        return callable(value)
    return not issubclass(value, FIXED) and not hasattr(value, "_meta")


def _depends(statement: ast.stmt, names: set[str]) -> bool:
    """Whether what this statement computes when the module loads uses one of the names."""
    used = {n.id for part in _loading(statement) for n in ast.walk(part) if isinstance(n, ast.Name)}
    return bool(used & names)


def _reaching(body: list[ast.stmt], names: set[str]) -> set[str]:
    """These names, and those of the functions that use them, directly or through another."""
    functions = {s.name: s for s in body if isinstance(s, ast.FunctionDef)}
    users = {
        name
        for name, function in functions.items()
        if any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(function))
    }
    return names if users <= names else _reaching(body, names | users)


def _loading(statement: ast.stmt) -> list[ast.AST]:
    """The parts that Python computes when it meets the statement; not the bodies of functions."""
    if isinstance(statement, ast.FunctionDef):
        defaults = [default for default in statement.args.kw_defaults if default]
        return [*statement.args.defaults, *defaults, *statement.decorator_list]
    if isinstance(statement, ast.ClassDef):
        inside = [part for inner in statement.body for part in _loading(inner)]
        return [*statement.decorator_list, *statement.bases, *inside]
    return [statement] if isinstance(statement, ast.Assign | ast.AnnAssign) else []


def _execute(module: ModuleType, statement: ast.stmt) -> set[str]:
    """Execute it; the names of what is no longer what it was."""
    space = module.__dict__
    before = dict(space)
    code = ast.fix_missing_locations(ast.Module([statement], []))
    flags = __future__.annotations.compiler_flag
    exec(compile(code, module.__file__ or "", "exec", flags, dont_inherit=True), space)  # noqa: S102
    changed = {name for name in before if space[name] is not before[name]}
    for name in changed:
        old, new = before[name], space[name]
        if isinstance(old, type) and isinstance(new, type):
            space[name] = old
            _transplant_class(old, new)
        elif _inner(old) and _inner(new) and _depth(old) == _depth(new):
            space[name] = old
            _transplant(_inner(old), _inner(new))
        else:
            _rebind(name, old, new)
    return changed


def _inner(value: Any) -> Any:
    """The function itself, under its decorators; None for anything else."""
    while hasattr(value, "__wrapped__"):
        value = value.__wrapped__
    return value if isinstance(value, FunctionType) else None


def _depth(value: Any) -> int:
    return 1 + _depth(value.__wrapped__) if hasattr(value, "__wrapped__") else 0


def _transplant(old: FunctionType, new: FunctionType) -> None:
    if old.__code__.co_freevars != new.__code__.co_freevars:
        raise NotGraftableError(f"{old.__qualname__} closes over other names")
    old.__code__ = new.__code__
    old.__defaults__, old.__kwdefaults__ = new.__defaults__, new.__kwdefaults__


def _transplant_class(old: type, new: type) -> None:
    if not is_graftable(old):
        raise NotGraftableError(f"{old.__qualname__} cannot be changed in place")
    if old.__bases__ != new.__bases__:
        raise NotGraftableError(f"{old.__qualname__} has other bases")
    for name in vars(old).keys() - vars(new).keys() - LEFT_ALONE:
        delattr(old, name)
    for name, value in vars(new).items():
        if name not in LEFT_ALONE and not isinstance(value, MemberDescriptorType):
            _set(old, name, value)


def _set(owner: type, name: str, value: Any) -> None:
    """Functions keep their identity: others may hold them, and `super()` knows the old class."""
    there = vars(owner).get(name)
    for part in ("fget", "func", "__func__"):
        if type(there) is type(value) and _inner(getattr(there, part, None)):
            _transplant(_inner(getattr(there, part)), _inner(getattr(value, part)))
            return
    generated = isinstance(value, FunctionType) and value.__code__.co_filename == "<string>"
    if _inner(there) and _inner(value) and not generated and _depth(there) == _depth(value):
        _transplant(_inner(there), _inner(value))
    else:
        setattr(owner, name, value)


def _rebind(name: str, old: Any, new: Any) -> None:
    for other in list(sys.modules.values()):
        is_ours = getattr(other, "__name__", "").partition(".")[0] in ROOTS
        if is_ours and vars(other).get(name) is old:
            setattr(other, name, new)


def caches() -> list[Any]:
    """Those of the project: what the code before the change has computed is not its answer."""
    gc.unfreeze()  # what is frozen is not listed
    # `isinstance` would wake the lazy objects of Django
    found = [item for item in gc.get_objects() if type(item) is functools._lru_cache_wrapper]
    return [item for item in found if str(item.__module__).partition(".")[0] in ROOTS]
