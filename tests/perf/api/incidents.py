"""Deliveries as Better Stack sends them: its documented format, with every field of an incident."""

import datetime as dt

STARTED_AT = dt.datetime(2026, 11, 2, 8, 0, 12, 151_000, tzinfo=dt.UTC)
ACKNOWLEDGED_AT = STARTED_AT + dt.timedelta(minutes=4)
RESOLVED_AT = STARTED_AT + dt.timedelta(hours=2, minutes=31)
RESOLVED_AGAIN_AT = RESOLVED_AT + dt.timedelta(hours=1)


def stamp(instant):
    """«2026-11-02T08:00:12.151Z»."""
    if instant is None:
        return None
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def delivery(
    event="started",
    *,
    incident="514203998",
    monitor="2417835",
    started_at=STARTED_AT,
    acknowledged_at=None,
    resolved_at=None,
    **attributes,
):
    return {
        "event": event,
        "data": {
            "id": incident,
            "type": "incident",
            "attributes": {
                "name": "DRIMbox · Centre hospitalier fictif",
                "url": "https://drimbox.exemple.example/sante",
                "http_method": "get",
                "cause": "Status 503",
                "incident_group_id": None,
                "started_at": stamp(started_at),
                "acknowledged_at": stamp(acknowledged_at),
                "acknowledged_by": None,
                "resolved_at": stamp(resolved_at),
                "resolved_by": None,
                "status": event.capitalize(),
                "team_name": "Supervision",
                "response_content": "<html><body>Service Unavailable</body></html>",
                "response_options": None,
                "regions": ["eu", "us"],
                "response_url": None,
                "screenshot_url": None,
                "origin_url": None,
                "escalation_policy_id": None,
                "call": False,
                "sms": False,
                "email": True,
                "push": True,
                "metadata": {},
                **attributes,
            },
            "relationships": {"monitor": {"data": {"id": monitor, "type": "monitor"}}},
        },
    }


def life():
    """What one incident sends, in order."""
    return [
        delivery("started"),
        delivery("acknowledged", acknowledged_at=ACKNOWLEDGED_AT),
        delivery("resolved", acknowledged_at=ACKNOWLEDGED_AT, resolved_at=RESOLVED_AT),
    ]


def life_reopened():
    """The same, reopened and resolved again."""
    return [
        *life(),
        delivery("reopened", acknowledged_at=ACKNOWLEDGED_AT),
        delivery("resolved", acknowledged_at=ACKNOWLEDGED_AT, resolved_at=RESOLVED_AGAIN_AT),
    ]
