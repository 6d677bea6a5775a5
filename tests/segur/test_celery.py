"""The clock of the periodic tasks."""

import datetime as dt

import time_machine

from segur.celery import Beat, app

START = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)


class Asked(list):
    """Stands for the broker: the names of the tasks that beat asks for."""

    def __call__(self, entry, **_options):
        self.append(entry.name)


def ticks(beat, asked):
    """What beat asks for at this instant."""
    asked.clear()
    while beat.tick() == 0:
        pass
    return sorted(asked)


def test_every_task_is_asked_for_at_the_start_then_at_its_interval(monkeypatch):
    asked = Asked()
    with time_machine.travel(START, tick=False) as clock:
        beat = Beat(app=app)
        monkeypatch.setattr(beat, "apply_entry", asked)
        assert ticks(beat, asked) == sorted(app.conf.beat_schedule)
        clock.shift(59)
        assert ticks(beat, asked) == []
        clock.shift(1)
        each_minute = [n for n, e in app.conf.beat_schedule.items() if e["schedule"] == 60]
        assert ticks(beat, asked) == sorted(each_minute)


def test_it_writes_no_file(settings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    beat = Beat(app=app)
    beat.sync()
    beat.close()
    assert list(tmp_path.iterdir()) == []
    assert settings.CELERY_BEAT_SCHEDULER == "segur.celery:Beat"
