"""What a migration's operation makes others wait for, on PostgreSQL (documentation of PostgreSQL,
«Explicit Locking»). SQLite has one writer at a time, whatever the operation.
"""

NOBODY, WRITERS, EVERYBODY = "personne", "les écritures", "les lectures et les écritures"

_WAITS = {
    "CreateModel": NOBODY,
    "AddIndex": WRITERS,
    "AddIndexConcurrently": NOBODY,
    "RemoveIndexConcurrently": NOBODY,
    "AlterModelOptions": NOBODY,
    "AlterModelManagers": NOBODY,
    "RunPython": WRITERS,
    "RunSQL": EVERYBODY,
}
REWRITES = {"AddField", "AlterField", "RunPython", "RunSQL"}
"""Operations that may write each row again, in a transaction: the old rows stay until its end."""
LARGE_ROWS = 100_000


def who_waits(operation: str) -> str:
    """Any operation that is not named alters the table: an ACCESS EXCLUSIVE lock."""
    return _WAITS.get(operation, EVERYBODY)


def is_slow(operation: str, rows: int) -> bool:
    return rows >= LARGE_ROWS and who_waits(operation) != NOBODY
