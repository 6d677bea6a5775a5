"""Its parameters, and the lines of the register for the apps below it."""

from parameters.rules.registry import declare as declare_parameters
from privacy.rules.parameters import PARAMETERS
from privacy.rules.register import declare
from privacy.selectors.own_tables import TABLES
from privacy.selectors.tables import add_tables
from privacy.services.own_lines import LINES

declare_parameters(PARAMETERS)
declare(LINES, first=True)
add_tables(*TABLES)
