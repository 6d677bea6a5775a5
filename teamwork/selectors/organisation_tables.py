"""What an organisation takes with it (`privacy.selectors.tables`): its comments."""

from privacy.selectors.tables import Table
from teamwork.models import Comment

TABLES = (
    Table(
        "commentaires",
        Comment,
        "organisation",
        ("subject_type", "subject_id", "body", "audience", "author_name", "at"),
    ),
)
