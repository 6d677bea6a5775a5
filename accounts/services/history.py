"""Who signs a line of the history, whether or not there is a request behind the act."""

from accounts.models import Membership, Organisation, User


def sign(row: Membership | Organisation, actor: User) -> None:
    """The next save or deletion of `row` is `actor`'s in its history."""
    row._history_user = actor  # type: ignore[union-attr]  # noqa: SLF001  (simple_history's own way)
