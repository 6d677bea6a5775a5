"""Reports as servers write them."""


def report(message_id, *, action="failed", diagnostic="smtp; 550 5.1.1 User unknown", part=None):
    original = f"From: a@x.example\r\nMessage-ID: {message_id}\r\n" if message_id else "X-A: b\r\n"
    answer = f"Diagnostic-Code: {diagnostic}\r\n" if diagnostic else ""
    return (
        "From: MAILER-DAEMON@relay.example\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; relay.example\r\n\r\n"
        "Final-Recipient: rfc822; a@x.example\r\n"
        f"Action: {action}\r\nStatus: 5.1.1\r\n{answer}\r\n"
        f"--b\r\nContent-Type: {part or 'message/rfc822'}\r\n\r\n{original}\r\nBonjour\r\n--b--\r\n"
    ).encode()
