from calendar_app.models.calendars import Dispositif, Milestone, MilestoneVersion
from calendar_app.models.deadlines import Deadline
from calendar_app.models.feeds import FeedAddress
from calendar_app.models.filings import Filing, FilingBatch, Proof
from calendar_app.models.first_steps import PutOffStep
from calendar_app.models.pieces import ExpectedPiece, Piece, PieceFile
from calendar_app.models.portfolio import Amounts, SafetyMargin
from calendar_app.models.reminders import (
    ArchivedReminder,
    PlanningRun,
    Reminder,
    ReminderPreference,
)
from calendar_app.models.solutions import Prestation, Solution, Supplier
from calendar_app.models.summaries import KeptFigures

__all__ = [
    "Amounts",
    "ArchivedReminder",
    "Deadline",
    "Dispositif",
    "ExpectedPiece",
    "FeedAddress",
    "Filing",
    "FilingBatch",
    "KeptFigures",
    "Milestone",
    "MilestoneVersion",
    "Piece",
    "PieceFile",
    "PlanningRun",
    "Prestation",
    "Proof",
    "PutOffStep",
    "Reminder",
    "ReminderPreference",
    "SafetyMargin",
    "Solution",
    "Supplier",
]
