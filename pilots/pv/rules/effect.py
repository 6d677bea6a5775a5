"""When a «conforme» takes effect: it opens the gate of the solde, so a slip can be taken back."""

import datetime as dt

EFFECT_AFTER = dt.timedelta(minutes=10)
"""A rule of this application, not of the texts."""
