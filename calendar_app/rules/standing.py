"""Where a prestation stands for one milestone, in one word: what the portfolio counts and shows."""

from calendar_app.enums import OPEN_STATES, Channel, State
from segur.lib.remaining import Meaning, Worded


class Standing(Worded):
    """The worst first: a deadline has one of them."""

    REFUSED = "refuse", "refusé", Meaning.LATE
    LATE = "en-retard", "en retard", Meaning.LATE
    BLOCKED = "bloque", "bloqué", Meaning.SOON
    AT_RISK = "a-risque", "à risque", Meaning.SOON
    TO_CORRECT = "a-corriger", "à corriger", Meaning.SOON
    DRAFT = "brouillon", "brouillon", Meaning.SOON
    TO_DO = "a-faire", "à faire", Meaning.TO_COME
    FILED = "depose", "déposé", Meaning.TO_COME
    ACCEPTED = "valide", "validé", Meaning.DONE
    NOT_APPLICABLE = "sans-objet", "sans objet", Meaning.NEUTRAL

    def counted(self, count: int) -> str:
        """«3 en retard», «1 bloqué», «12 bloqués»."""
        plural = "s" if count > 1 and self in (Standing.REFUSED, Standing.BLOCKED) else ""
        return f"{count} {self.word}{plural}"

    @property
    def help(self) -> str:
        """For the legend; "" where the word says it all."""
        return _HELP.get(self, "")

    @property
    def shape(self) -> str:
        """The symbol of `icons.svg`: no two standings that differ in meaning share one."""
        return {Standing.BLOCKED: "blocked", Standing.FILED: "filed"}.get(self, self.meaning)

    @property
    def fill(self) -> Meaning:
        """What is filed counts as done where parts are summed."""
        return Meaning.DONE if self is Standing.FILED else self.meaning


_HELP = {
    Standing.BLOCKED: "une condition de paiement n'est pas remplie",
    Standing.AT_RISK: "le dernier jour sûr est passé, ou un droit finit avant la date limite",
    Standing.FILED: "ou réalisé, en attente de confirmation",
}
_CLOSED = {
    State.FILED: Standing.FILED,
    State.ACCEPTED: Standing.ACCEPTED,
    State.REFUSED: Standing.REFUSED,
    State.NOT_APPLICABLE: Standing.NOT_APPLICABLE,
}
_OPEN = {
    State.TO_CORRECT: Standing.TO_CORRECT,
    State.DRAFT: Standing.DRAFT,
    State.TO_DO: Standing.TO_DO,
}
NEED_CARE = (Standing.REFUSED, Standing.LATE, Standing.BLOCKED, Standing.AT_RISK)
"""What the filter «à risque» keeps."""
DONE = (Standing.FILED, Standing.ACCEPTED)


def standing(state: State, *, is_late: bool, is_blocked: bool, is_at_risk: bool) -> Standing:
    """Late goes before blocked, and blocked before at risk: one deadline is counted once."""
    if state not in OPEN_STATES:
        return _CLOSED[state]
    if is_late:
        return Standing.LATE
    if is_blocked:
        return Standing.BLOCKED
    return Standing.AT_RISK if is_at_risk else _OPEN[state]


def word(found: Standing, channel: Channel) -> str:
    """A prestation is realised at the Client's: nothing is filed for it."""
    is_realised = found == Standing.FILED and channel == Channel.NONE
    return "réalisé" if is_realised else found.word


def short_title(title: str, channel: Channel, *, is_money_step: bool, is_after: bool) -> str:
    """The head of a column; `is_after`: it comes after the realisation of the prestation."""
    if channel == Channel.NONE:
        return "Réalisation"
    if is_money_step:
        return "Solde" if is_after else "Avance"
    return title
