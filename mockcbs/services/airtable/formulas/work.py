"""The work of formulas, counted: no listing takes unbounded time or memory, or stops other clients."""

from mockcbs.core.waiting import leave_loop

MAX_STEPS = 5_000_000
"""The maximum number of steps of one listing: operators and functions, and the texts that they go through."""
MAX_MADE = 2_000_000
"""The maximum number of characters in texts that a formula makes for one record."""
_LOOP_STEPS = 5_000
"""What takes longer does not run on the event loop of a server."""
_READ_CHARACTERS, _MADE_CHARACTERS = 128, 16
"""So many characters that are read or made count as a step, which takes about a microsecond."""


class FormulaProblem(ValueError):  # noqa: N818 - a refusal, in Airtable's words
    """A formula that Airtable refuses. The message continues "The formula … is invalid: "."""


class Work:
    """The steps of one listing."""

    def __init__(self) -> None:
        self._steps = self._made = 0
        self._pause = _LOOP_STEPS

    def begin_record(self) -> None:
        """From now on the formula is evaluated for another record."""
        self._made = 0

    @property
    def steps(self) -> int:
        """The steps until now."""
        return self._steps

    def spend(self, steps: int, characters: int = 0) -> None:
        """Count *steps*, and texts of so many *characters* that they go through.

        Raises `FormulaProblem` if it is too much.
        """
        self._steps += steps + characters // _READ_CHARACTERS
        if self._steps > self._pause:
            self._look()

    def make(self, characters: int) -> None:
        """Count a new text; raises `FormulaProblem` if the formula makes too much text for one record."""
        self._made += characters
        self.spend(characters // _MADE_CHARACTERS)
        if self._made > MAX_MADE:
            raise FormulaProblem(f"It makes more than {MAX_MADE} characters of text for one record.")

    def _look(self) -> None:
        if self._steps > MAX_STEPS:
            raise FormulaProblem(f"It takes more than {MAX_STEPS} steps for all records.")
        leave_loop()
        self._pause = MAX_STEPS
