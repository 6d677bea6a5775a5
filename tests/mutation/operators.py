"""What is changed. Most operators are those of cosmic-ray; six are ours, for what it does not
know: arguments passed by name, elements of lists, lookups of the ORM, `in`, calls made for their
effect.

Of cosmic-ray's replacements we keep the neighbour and the opposite of each operator: `<` becomes
`<=` and `>=`, `+` becomes `-`. The others, such as `a ** b`, nearly always raise at once.
"""

import parso
from cosmic_ray.operators import (
    binary_operator_replacement,
    boolean_replacer,
    break_continue,
    comparison_operator_replacement,
    number_replacer,
    remove_decorator,
    unary_operator_replacement,
    zero_iteration_for_loop,
)
from cosmic_ray.operators.operator import Operator
from parso.python.tree import Keyword, Name

COMPARISONS = (
    "Eq_NotEq NotEq_Eq Is_IsNot IsNot_Is Lt_LtE Lt_GtE LtE_Lt LtE_Gt Gt_GtE Gt_LtE GtE_Gt GtE_Lt"
)
BINARY = "Add_Sub Sub_Add Mul_FloorDiv Div_Mul FloorDiv_Mul Mod_FloorDiv BitOr_BitAnd BitAnd_BitOr"
UNARY = "Delete_USub Delete_Not"
GUARDS = {"frozen", "slots", "strict", "maxsize", "stacklevel", "no_key"}
"""Arguments against mistakes of a programmer, for speed, or (`no_key`) for how strongly PostgreSQL
locks: no value of the program shows them.
"""
LOOKUPS = {"__gte": "__gt", "__gt": "__gte", "__lte": "__lt", "__lt": "__lte"}


def is_guard(node) -> bool:
    """Whether it is one of these arguments."""
    return node.type == "argument" and getattr(node.children[0], "value", "") in GUARDS


class _Replacing(Operator):
    """Replaces a node that holds children; `_choices` gives the indices of those concerned."""

    def mutation_positions(self, node):
        for child in self._choices(node):
            yield child.start_pos, child.end_pos

    def mutate(self, node, index):
        self._change(node, self._choices(node)[index])
        return node

    @classmethod
    def examples(cls):
        return ()


def _remove(node, child):
    """The child and the comma that separates it from the others."""
    at = node.children.index(child)
    comma = at + 1 if at + 1 < len(node.children) else at - 1
    for place in sorted({at, comma}, reverse=True):
        if place == at or getattr(node.children[place], "value", "") == ",":
            del node.children[place]


class DropKeyword(_Replacing):
    """`f(a, b=c)` → `f(a)`."""

    def _choices(self, node):
        if node.type not in {"arglist", "trailer"}:
            return []
        return [
            child
            for child in node.children
            if child.type == "argument" and getattr(child.children[1], "value", "") == "="
        ]

    _change = staticmethod(_remove)


class DropElement(_Replacing):
    """`[a, b]` → `[b]`; of tuples only those of three elements and more."""

    def _choices(self, node):
        if node.type not in {"testlist_comp", "dictorsetmaker"}:
            return []
        signs = {getattr(child, "value", "") for child in node.children}
        if "," not in signs or ":" in signs:
            return []
        elements = node.children[::2]
        is_tuple = node.parent.children[0].value == "("
        return elements if len(elements) > (2 if is_tuple else 1) else []

    _change = staticmethod(_remove)


class SwapLookup(_Replacing):
    """`at__gte=now` → `at__gt=now`."""

    def _choices(self, node):
        named = node.type == "argument" and node.children[0].type == "name"
        name = node.children[0] if named else None
        return [name] if name and any(name.value.endswith(end) for end in LOOKUPS) else []

    def _change(self, node, name):
        stem, _, lookup = name.value.rpartition("__")
        name.value = stem + LOOKUPS[f"__{lookup}"]


class SwapIn(_Replacing):
    """`a in b` ↔ `a not in b`."""

    def _choices(self, node):
        if node.type != "comparison":
            return []
        return [sign for sign in node.children[1::2] if sign.get_code().split()[-1] == "in"]

    def _change(self, node, sign):
        swapped = " in" if "not" in sign.get_code() else " not in"
        node.children[node.children.index(sign)] = parso.parse(swapped)


class ReplaceException(_Replacing):
    """`except A` → `except NeverRaised`; cosmic-ray's own ends on `except module.Error`."""

    def _choices(self, node):
        if node.type != "except_clause":
            return []
        caught = node.children[1]
        if caught.type != "atom":
            return [caught]
        inside = caught.children[1]
        return inside.children[::2] if inside.type == "testlist_comp" else [inside]

    def _change(self, _node, caught):
        among = caught.parent.children
        among[among.index(caught)] = Name("NeverRaised", caught.start_pos, prefix=" ")


class DropStatement(_Replacing):
    """A call made for its effect, a statement of its own, is left out."""

    def _choices(self, node):
        if node.type != "simple_stmt":
            return []
        (statement, *_) = node.children
        is_call = statement.type == "atom_expr" and statement.children[-1].children[0].value == "("
        return [statement] if is_call else []

    def _change(self, node, statement):
        passing = Keyword("pass", statement.start_pos, prefix=statement.get_first_leaf().prefix)
        node.children[node.children.index(statement)] = passing


def _chosen(module, prefix, names):
    return [
        operator
        for operator in module.operators()
        if operator.__name__.removeprefix(prefix) in names.split()
    ]


_ALL = [
    *_chosen(comparison_operator_replacement, "ReplaceComparisonOperator_", COMPARISONS),
    *_chosen(binary_operator_replacement, "ReplaceBinaryOperator_", BINARY),
    *_chosen(unary_operator_replacement, "ReplaceUnaryOperator_", UNARY),
    boolean_replacer.AddNot,
    boolean_replacer.ReplaceTrueWithFalse,
    boolean_replacer.ReplaceFalseWithTrue,
    boolean_replacer.ReplaceAndWithOr,
    boolean_replacer.ReplaceOrWithAnd,
    break_continue.ReplaceBreakWithContinue,
    break_continue.ReplaceContinueWithBreak,
    number_replacer.NumberReplacer,
    remove_decorator.RemoveDecorator,
    zero_iteration_for_loop.ZeroIterationForLoop,
    ReplaceException,
    DropKeyword,
    DropElement,
    SwapLookup,
    SwapIn,
    DropStatement,
]
OPERATORS = {operator.__name__: operator for operator in _ALL}
