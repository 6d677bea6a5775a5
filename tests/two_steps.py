"""Acts in two steps, as people do them: what would change is read, then confirmed."""


def confirm(client, url, data):
    """The answer to the second step; what the first refuses, the second does too."""
    shown = client.post(url, {**data, "verifier": "1"})
    seen = shown.context["seen"] if shown.status_code == 200 else ""
    return client.post(url, {**data, "confirmer": "1", "vu": seen})
