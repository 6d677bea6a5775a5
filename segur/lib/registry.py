"""What apps register when they are ready."""

from typing import TypeVar

T = TypeVar("T")


class Registry(list[T]):
    """Each item once, in the order in which the apps register."""

    def add(self, item: T) -> None:
        if item not in self:
            self.append(item)
