"""The stamped receipt of a filing: what it states, and the digest that anybody can recompute."""

STATEMENT_ELSEWHERE = (
    "Ce récépissé atteste l'enregistrement, dans cette application, d'un dépôt déclaré sur "
    "{channel}. Il ne vaut pas dépôt sur cette plateforme."
)
STATEMENT_HERE = "Ce récépissé atteste le dépôt dans cette application."
STATEMENT_NONE = (
    "Ce récépissé atteste l'enregistrement, dans cette application, d'une réalisation déclarée. "
    "Il ne vaut ni procès-verbal ni vérification d'aptitude."
)
