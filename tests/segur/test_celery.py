"""The clock of the periodic tasks."""

import datetime as dt

import pytest
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


@pytest.mark.parametrize("step", [-3600, -61, -1, 1, 3600, 86400 * 30])
def test_clock_that_is_set_makes_every_task_at_most_one_interval_late(monkeypatch, step):
    asked = Asked()
    with time_machine.travel(START, tick=False) as clock:
        beat = Beat(app=app)
        monkeypatch.setattr(beat, "apply_entry", asked)
        ticks(beat, asked)
        clock.shift(600)
        ticks(beat, asked)
        clock.shift(step)
        seen = set(ticks(beat, asked))
        for _ in range(60):  # an hour as people live it
            clock.shift(60)
            seen |= set(ticks(beat, asked))
        assert seen >= {n for n, e in app.conf.beat_schedule.items() if e["schedule"] <= 3600}
        clock.shift(60)
        each_minute = {n for n, e in app.conf.beat_schedule.items() if e["schedule"] == 60}
        assert each_minute <= set(ticks(beat, asked))


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31"])
def test_change_of_the_legal_hour_moves_no_tick(monkeypatch, day):
    asked = Asked()
    start = dt.datetime.fromisoformat(f"{day}T00:30:00+00:00")
    with time_machine.travel(start, tick=False) as clock:
        beat = Beat(app=app)
        monkeypatch.setattr(beat, "apply_entry", asked)
        ticks(beat, asked)
        each_minute = sorted(n for n, e in app.conf.beat_schedule.items() if e["schedule"] == 60)
        for minute in range(1, 120):
            clock.shift(60)
            due = ticks(beat, asked)
            assert [name for name in due if name in each_minute] == each_minute, minute


def test_each_task_has_its_queue():
    app.loader.import_default_modules()
    routed = {name: app.amqp.router.route({}, name)["queue"].name for name in app.tasks}
    assert {name for name, queue in routed.items() if queue == "mail"} == {
        name for name in app.tasks if name.startswith("mailing.tasks.")
    }
    assert routed["perf.tasks.warn_tickets"] == "tickets"
    assert routed["calendar_app.tasks.dispatch_reminders"] == "celery"
    assert set(app.amqp.queues) == {"celery", "mail", "tickets"}
