"""The register of personal data has its lines; an organisation takes its addresses along."""

from privacy.rules.register import declare
from privacy.selectors.tables import add_tables
from webhooks.services.personal_data import LINES, TABLES

declare(LINES)
add_tables(*TABLES)
