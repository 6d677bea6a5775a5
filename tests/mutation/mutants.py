"""The mutants of a module: every place where an operator changes what the program does."""

import ast
import difflib
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from tests.mutation.operators import OPERATORS, is_guard

UNCHANGED = "Unchanged"


@dataclass(frozen=True)
class Mutant:
    """`occurrence`: the how-manieth place in the module at which the operator applies, from 0."""

    path: str
    operator: str
    occurrence: int
    line: int

    @property
    def source(self) -> str | None:
        """The mutated module; None where nothing changes, or Python does not read it."""
        before = Path(self.path).read_text(encoding="utf-8")
        if self.operator == UNCHANGED:
            return before
        after: str | None = mutate_code(before, OPERATORS[self.operator](), self.occurrence)
        if after is None or not _compiles(after) or statements(after) == statements(before):
            return None
        return after

    def diff(self, after: str) -> str:
        before = Path(self.path).read_text(encoding="utf-8")
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
        return "\n".join(line for line in list(lines)[3:])


def mutants_of(path: str) -> list[Mutant]:
    """In an order that depends on nothing but the code."""
    tree = get_ast(Path(path).read_text(encoding="utf-8"))
    nodes = list(ast_nodes(tree))
    leaves = {node.start_pos: node for node in nodes if not hasattr(node, "children")}
    found = []
    for name, operator in OPERATORS.items():
        places = [place for node in nodes for place in operator().mutation_positions(node)]
        found += [
            Mutant(path, name, occurrence, start[0])
            for occurrence, (start, _end) in enumerate(places)
            if not is_guard(leaves[start].parent)
        ]
    return sorted(found, key=lambda m: (m.line, m.operator, m.occurrence))


def statements(source: str) -> list[str]:
    """Those of the module, each without its annotations, aliases of types, imports for
    mypy and `__all__`: nothing evaluates these.
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.test = ast.Constant(value=False)
        elif isinstance(node, ast.AnnAssign):
            if ast.unparse(node.annotation) == "TypeAlias":
                node.value = None
            node.annotation = ast.Constant(value="")
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            node.value = ast.Constant(value="")
    return [ast.dump(statement) for statement in tree.body]


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True
