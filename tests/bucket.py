"""A throw-away server that speaks S3, in a process of its own on a free loopback port."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

import boto3

from tests.processes import wait_until
from tests.services import free_port


@contextmanager
def bucket(name: str = "proofs") -> Iterator[dict[str, str]]:
    """With one empty bucket: the environment variables that the settings read."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    environment = {
        "FILES_S3_BUCKET": name,
        "FILES_S3_ENDPOINT": f"http://127.0.0.1:{port}",
        "FILES_S3_REGION": "eu-west-1",
        "FILES_S3_ACCESS_KEY": "test",
        "FILES_S3_SECRET_KEY": "test",
    }
    try:
        wait_until(lambda: _answers(port))
        make(environment, name)
        yield environment
    finally:
        server.terminate()
        server.wait()


def make(environment: dict[str, str], name: str) -> dict[str, str]:
    """One more bucket on the same server; its variables."""
    where = {"LocationConstraint": environment["FILES_S3_REGION"]}
    client(environment).create_bucket(Bucket=name, CreateBucketConfiguration=where)
    return {**environment, "FILES_S3_BUCKET": name}


def client(environment: dict[str, str]):
    return boto3.client(
        "s3",
        endpoint_url=environment["FILES_S3_ENDPOINT"],
        region_name=environment["FILES_S3_REGION"],
        aws_access_key_id=environment["FILES_S3_ACCESS_KEY"],
        aws_secret_access_key=environment["FILES_S3_SECRET_KEY"],
    )


def storages(environment: dict[str, str]) -> dict[str, object]:
    """What `segur.settings` makes of these variables."""
    return {
        "BACKEND": "documents.services.s3.S3Files",
        "OPTIONS": {
            "bucket_name": environment["FILES_S3_BUCKET"],
            "endpoint_url": environment["FILES_S3_ENDPOINT"],
            "region_name": environment["FILES_S3_REGION"],
            "access_key": environment["FILES_S3_ACCESS_KEY"],
            "secret_key": environment["FILES_S3_SECRET_KEY"],
            "file_overwrite": False,
        },
    }


def _answers(port: int) -> bool:
    link = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        link.request("GET", "/moto-api/")
        return link.getresponse().status < 500
    except OSError:
        return False
    finally:
        link.close()
