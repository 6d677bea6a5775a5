"""Addresses of people are not what an operator needs."""

import pytest

from segur.lib.hidden import hide_addresses


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("550 <jeanne.clairval+pv@radiolune.example>: no", "550 <‹adresse›>: no"),
        ("ValueError('é.b@a-b.exemple.example')", "ValueError('‹adresse›')"),
        ("a_b%c-d@a.example,b@c.example", "‹adresse›,‹adresse›"),
        ("celery@host ready", "celery@host ready"),
        ("mail 12 @ 10.5", "mail 12 @ 10.5"),
        ("", ""),
    ],
)
def test_addresses_go_and_the_rest_stays(text, shown):
    assert hide_addresses(text) == shown
