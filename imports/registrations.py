"""Organisations can be imported; the register of personal data has the lines of imports."""

from imports.services.kinds import register
from imports.services.organisation_imports import KIND
from imports.services.personal_data import LINES
from privacy.rules.register import declare

declare(LINES)
register(KIND)
