"""The stand-in of an absent person gets their mails; who leaves hands over."""

from accounts.services.departures import add_charge
from documents.services.waiting import add_places
from mailing import rules as mails
from mailing.services.mail import use_stand_ins
from privacy.rules.register import declare
from privacy.selectors.tables import add_tables
from teamwork.enums import TEAM_MAIL
from teamwork.models import CommentFile
from teamwork.selectors.absences import stand_ins
from teamwork.selectors.comments import page_of_file
from teamwork.selectors.organisation_tables import TABLES
from teamwork.services import departures, personal_data

mails.declare(TEAM_MAIL)
use_stand_ins(stand_ins)
add_places({CommentFile: page_of_file})
add_charge(departures.held, departures.hand_over)
declare(personal_data.LINES)
add_tables(*TABLES)
