"""Reminders: which exist, when they leave, what they say, who wants them."""

from calendar_app.services.reminders.archiving import archive
from calendar_app.services.reminders.dispatching import dispatch
from calendar_app.services.reminders.following import plan_changes
from calendar_app.services.reminders.planning import cancel_for, plan
from calendar_app.services.reminders.preferences import (
    preference_clear,
    preference_save,
    set_muted,
)
from calendar_app.services.reminders.preview import preview
from calendar_app.services.reminders.sending import freshen, reopen, settle

__all__ = [
    "archive",
    "cancel_for",
    "dispatch",
    "freshen",
    "plan",
    "plan_changes",
    "preference_clear",
    "preference_save",
    "preview",
    "reopen",
    "set_muted",
    "settle",
]
