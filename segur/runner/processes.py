"""The processes of a site in production, each with its command: the systemd units, compose and the
fault tests start these and no others (`tests/deploy` holds them together).
"""

WEB_ADDRESS = "127.0.0.1:8000"


def web(
    bind: str = WEB_ADDRESS, *, workers: int = 3, threads: int = 8, graceful: int = 20
) -> list[str]:
    return [
        *("-m", "gunicorn", "segur.wsgi", "--bind", bind, "--worker-class", "gthread"),
        *("--workers", str(workers), "--threads", str(threads)),
        *("--no-control-socket", "--graceful-timeout", str(graceful)),
        *("--logger-class", "segur.runner.access_log.AccessLog"),
    ]


CELERY = ("-m", "celery", "-A", "segur.celery")
QUEUES = ("celery", "mail", "tickets")
"""Each has its workers: a slow mail server keeps no other task waiting."""


def worker(queue: str) -> list[str]:
    """Its name makes it another node than the other workers of the same machine."""
    own = ("-Q", queue, "-n", f"{queue}@%h")
    return [*CELERY, "worker", *own, "--concurrency", "4", "--loglevel", "INFO"]


BEAT = [*CELERY, "beat", "--pidfile=", "--loglevel", "WARNING"]
PREPARE = ["manage.py", "prepare"]

PROCESSES = {
    "prepare": PREPARE,
    "web": web(),
    **{f"worker-{queue}": worker(queue) for queue in QUEUES},
    "beat": BEAT,
}
"""Name of the service of compose → arguments of Python; the unit of workers is one template."""
