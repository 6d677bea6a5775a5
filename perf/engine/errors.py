"""What the engine refuses: never a silent 0."""


class EngineError(ValueError):
    """Base of every refusal of the engine."""


class NaiveInstant(EngineError):  # noqa: N818
    """A datetime without an offset: nobody can say when it is."""


class EndBeforeStart(EngineError):  # noqa: N818
    """An interval whose end comes before its start."""


class OutOfRange(EngineError):  # noqa: N818
    """An instant outside the years for which the opening hours were computed, or any calendar."""


class BadRules(EngineError):  # noqa: N818
    """Rules that cannot be read, with the reason in French."""
