"""A Celery application on the folder broker alone, for processes that the tests start and kill.

`python -m tests.faults.folder_app publish FIRST LAST` sends the numbers FIRST to LAST - 1;
`python -m tests.faults.folder_app consume` prints each number that it takes, until the file `stop`
lies beside the folder and the queue is empty.
"""

import os
import sys
from pathlib import Path

from celery import Celery

ROOM = Path(os.environ["FOLDER_APP"])

app = Celery("folder")
app.conf.update(
    broker_url="localhost",
    broker_transport="segur.runner.file_broker:Transport",
    broker_transport_options={"folder": str(ROOM / "broker"), "polling_interval": 0.02},
    task_ignore_result=True,
    task_acks_late=True,
    worker_enable_remote_control=False,
    worker_prefetch_multiplier=1,
)


@app.task(name="mark")
def mark(number: int) -> None:
    (ROOM / "done" / str(number)).touch()


def publish(first: str, last: str) -> None:
    for number in range(int(first), int(last)):
        mark.delay(number)


def consume() -> None:
    def take(body, message):
        (number,) = body[0]
        sys.stdout.write(f"{number}\n")
        message.ack()

    with app.connection_for_read() as connection:
        queue = app.amqp.queues["celery"]
        with app.amqp.TaskConsumer(connection, queues=[queue], callbacks=[take]):
            while True:
                is_last_look = (ROOM / "stop").exists()
                try:
                    connection.drain_events(timeout=0.5)
                except TimeoutError:
                    if is_last_look:
                        return


if __name__ == "__main__":
    publish(*sys.argv[2:]) if sys.argv[1] == "publish" else consume()
