"""Who may be paid (DOMAIN §3): the gate of the money steps, milestones 4 and 6.

A Fournisseur is the éditeur of a solution referenced Vague 2 and sold on a competitive market, or a
distributeur that the éditeur declared to the ANS and mandated; in both cases it acts under an
«Opérateur de service utilisateur» habilitation of the Espace de confiance Pro Santé Connect (EDC
PSC). A pure reseller may use the éditeur's when the mandate says so.

Days are Paris days, both ends of a validity included. A missing right blocks the money steps,
never data entry.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from calendar_app.enums import Market, Right

ANS = "ANS"
SOLUTION = "solution"
SUPPLIER = "supplier"
MANDATE, PSC = "mandat", "EDC PSC"


@dataclass(frozen=True, slots=True)
class Unmet:
    """A condition that is not met, or soon will not be.

    `who` must act; `by` is the last day for it, when the right itself gives one; `key` names the
    page where it is recorded (`SOLUTION` or `SUPPLIER`, "" for none), unless `url` gives it.
    `short` is the reason in a word or two, for a cell: «bloqué : mandat».
    """

    reason: str
    who: str
    by: date | None = None
    key: str = ""
    url: str = ""
    short: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Validity:
    """[start, end], both days included. No start: not recorded. No end: without term."""

    start: date | None = None
    end: date | None = None

    def covers(self, day: date) -> bool:
        return self.start is not None and self.start <= day and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        return self.end is not None and self.end < day


@dataclass(frozen=True, slots=True)
class SupplierFacts:
    """What the gate needs to know of one Fournisseur for one solution."""

    solution: str
    editeur: str
    supplier: str
    is_editeur: bool
    market: Market
    referenced_on: date | None = None
    declared_on: date | None = None
    mandate: Validity = field(default_factory=Validity)
    psc: Validity = field(default_factory=Validity)
    psc_by_mandate: bool = False
    editeur_psc: Validity = field(default_factory=Validity)

    @property
    def editeur_acts(self) -> str:
        return f"{self.editeur} (éditeur)"

    @property
    def supplier_acts(self) -> str:
        return self.editeur_acts if self.is_editeur else f"{self.supplier} (Fournisseur)"

    @property
    def uses_editeur_psc(self) -> bool:
        return self.psc_by_mandate and not self.is_editeur


def money_gate(facts: SupplierFacts, *, day: date) -> list[Unmet]:
    """Every condition that `facts` do not meet on `day`; empty when the money step may be filed."""
    checks = (_referencing, _market, _declaration, _mandate, _psc)
    return [unmet for check in checks if (unmet := check(facts, day)) is not None]


def expiring(facts: SupplierFacts, *, day: date, within_days: int, before: str = "") -> list[Unmet]:
    """The rights that hold on `day` and end within so many days of it, `day` itself counted as 0.

    `before` names what they should last for: «le jalon 6».
    """
    horizon = day + timedelta(days=within_days)
    rights = []
    if not facts.is_editeur:
        rights.append(("Le mandat", MANDATE, facts.mandate, facts.editeur_acts))
    psc, who = _longest_psc(facts, day)
    rights.append(("L'habilitation EDC PSC", PSC, psc, who))
    tail = f", avant {before}" if before else ""
    return [
        Unmet(
            f"{name} expire le {_day(right.end)}{tail}.",
            who,
            right.end,
            SUPPLIER,
            short=f"{short} jusqu'au {_day(right.end)}",
        )
        for name, short, right, who in rights
        if right.covers(day) and right.end is not None and right.end <= horizon
    ]


def ends(facts: SupplierFacts) -> list[tuple[Right, date, str]]:
    """The rights that have a term: which, its last day, and who renews it. Of two habilitations
    that the Fournisseur may use, the one that lasts longest.
    """
    found = []
    mandate = facts.mandate
    if not facts.is_editeur and mandate.start and mandate.end:
        found.append((Right.MANDATE, mandate.end, facts.editeur_acts))
    covers = [(facts.psc, facts.supplier_acts)]
    if facts.uses_editeur_psc:
        covers.append((facts.editeur_psc, facts.editeur_acts))
    recorded = [cover for cover in covers if cover[0].start]
    longest = max(recorded, key=lambda cover: cover[0].end or date.max, default=None)
    if longest and longest[0].end:
        found.append((Right.PSC, longest[0].end, longest[1]))
    return found


def _referencing(facts: SupplierFacts, day: date) -> Unmet | None:
    if facts.referenced_on is None:
        reason = f"{facts.solution} : le référencement Vague 2 n'est pas enregistré."
    elif facts.referenced_on > day:
        reason = (
            f"{facts.solution} : le référencement Vague 2 ne prend effet que le "
            f"{_day(facts.referenced_on)}."
        )
    else:
        return None
    return Unmet(
        reason,
        f"{ANS}, sur le dossier déposé par {facts.editeur}",
        key=SOLUTION,
        short="référencement",
    )


def _market(facts: SupplierFacts, _day: date) -> Unmet | None:
    match facts.market:
        case Market.COMPETITIVE:
            return None
        case Market.UNKNOWN:
            reason = f"{facts.solution} : la mise sur le marché est à préciser."
        case Market.SELF_PUBLISHED:
            reason = (
                f"La solution {facts.solution} est autoéditée, donc inéligible : "
                "il faut la proposer sur un marché concurrentiel."
            )
        case Market.MEMBERS_ONLY:
            reason = (
                f"La solution {facts.solution} est réservée aux membres du groupement qui l'édite, "
                "donc inéligible : il faut la proposer sur un marché concurrentiel."
            )
    return Unmet(reason, facts.editeur_acts, key=SOLUTION, short="mise sur le marché")


def _declaration(facts: SupplierFacts, day: date) -> Unmet | None:
    if facts.is_editeur or (facts.declared_on is not None and facts.declared_on <= day):
        return None
    if facts.declared_on is None:
        reason = f"{facts.supplier} n'est pas déclaré à l'ANS comme distributeur."
    else:
        reason = (
            f"La déclaration à l'ANS du distributeur {facts.supplier} ne date que du "
            f"{_day(facts.declared_on)}."
        )
    return Unmet(reason, facts.editeur_acts, key=SUPPLIER, short="déclaration")


def _mandate(facts: SupplierFacts, day: date) -> Unmet | None:
    if facts.is_editeur or facts.mandate.covers(day):
        return None
    reason = _lapsed(facts.mandate, day, f"Le mandat donné par {facts.editeur}")
    return Unmet(
        reason or f"Aucun mandat donné par {facts.editeur} n'est enregistré.",
        facts.editeur_acts,
        key=SUPPLIER,
        short=MANDATE,
    )


def _psc(facts: SupplierFacts, day: date) -> Unmet | None:
    """Own habilitation first; the éditeur's only where the mandate says so (its own validity is
    the business of `_mandate`).
    """
    if facts.psc.covers(day) or (facts.uses_editeur_psc and facts.editeur_psc.covers(day)):
        return None
    if facts.uses_editeur_psc:
        whose, psc, who = facts.editeur, facts.editeur_psc, facts.editeur_acts
        tail, key = ", dont le mandat permet l'usage,", SOLUTION
    else:
        whose, psc, who = facts.supplier, facts.psc, facts.supplier_acts
        tail, key = "", SUPPLIER
    what = f"habilitation EDC PSC « Opérateur de service utilisateur » ({whose}){tail}"
    reason = _lapsed(psc, day, f"L'{what}") or f"L'{what} n'est pas enregistrée."
    return Unmet(reason, who, key=key, short=PSC)


def _lapsed(right: Validity, day: date, subject: str) -> str:
    """«… a expiré le …», «… ne commence que le …»; "" when the right is not recorded at all."""
    if right.is_over(day):
        return f"{subject} a expiré le {_day(right.end)}."
    return f"{subject} ne commence que le {_day(right.start)}." if right.start else ""


def _longest_psc(facts: SupplierFacts, day: date) -> tuple[Validity, str]:
    """The habilitation that will last longest among those that hold on `day`, and who renews it."""
    covers = [(facts.psc, facts.supplier_acts)]
    if facts.uses_editeur_psc:
        covers.append((facts.editeur_psc, facts.editeur_acts))
    valid = [cover for cover in covers if cover[0].covers(day)]
    return max(valid, key=lambda cover: cover[0].end or date.max, default=(Validity(), ""))


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "…"
