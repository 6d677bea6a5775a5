import datetime as dt

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
