"""Who gains or loses by what the ANS decides on a prestation, as lookups from a row."""


def parties_of_prestation(path: str) -> tuple[str, ...]:
    """`path` leads to the prestation: its Fournisseur, the éditeur of what is sold, its Client."""
    return (
        f"{path}__organisation",
        f"{path}__supplier__solution__organisation",
        f"{path}__client",
    )
