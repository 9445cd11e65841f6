"""The clients of the targets: a run has one of each kind."""

from typing import Self

from mockcbs.contract.kit import Kit


class Client:
    """Calls some operations of a target."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit

    @classmethod
    def of(cls, kit: Kit) -> Self:
        """The client of this run, created on first use; it keeps what it has read."""
        if cls.__name__ not in kit.memory:
            kit.memory[cls.__name__] = cls(kit)
        client: Self = kit.memory[cls.__name__]
        return client
