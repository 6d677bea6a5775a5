"""Clients that other people's generators make of the OpenAPI document, used as they come."""

import importlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import time_machine

from api.site import schema
from calendar_app.models import Solution
from segur.wsgi import application
from tests.api_world import NOW, build
from tests.keys import EVERYTHING, give_key

pytestmark = pytest.mark.usefixtures("calendars")


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(schema()))
    return path


@pytest.fixture
def python_client(document, tmp_path, monkeypatch):
    """The package that openapi-python-client makes: it warns of nothing."""
    settings = tmp_path / "settings.yml"
    settings.write_text("post_hooks: []\n")
    command = Path(sys.executable).parent / "openapi-python-client"
    out = tmp_path / "generated_segur"
    options = ["--meta", "none", "--config", str(settings)]
    done = subprocess.run(
        [command, "generate", "--path", document, "--output-path", out, *options],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "WARNING" not in done.stdout + done.stderr
    monkeypatch.syspath_prepend(tmp_path)
    return "generated_segur"


@pytest.mark.django_db
def test_the_python_client_reads_records_and_is_refused(python_client):
    with time_machine.travel(NOW, tick=False):
        world = build()
        key = give_key(world.person, scopes=EVERYTHING)[1]
        found = importlib.import_module(f"{python_client}.client")
        client = found.AuthenticatedClient(
            base_url="http://testserver",
            token=key,
            httpx_args={"transport": httpx.WSGITransport(app=application)},
        )
        operations = f"{python_client}.api.solutions"
        listing = importlib.import_module(f"{operations}.solution_list")
        creating = importlib.import_module(f"{operations}.solution_create")
        models = importlib.import_module(f"{python_client}.models")

        names = [one.name for one in listing.sync(client=client).items]
        assert "ImaRIS" in names

        body = models.NewSolutionIn(
            dispositif="ris", name="Écho", market=models.Market("A_PRECISER")
        )
        made = creating.sync(client=client, body=body, idempotency_key="un-appel")
        again = creating.sync(client=client, body=body, idempotency_key="un-appel")
        assert made.id == again.id == Solution.objects.get(name="Écho").pk

        body.dispositif = "scanner"
        refused = creating.sync(client=client, body=body)
        assert isinstance(refused, models.Problem)
        assert refused.errors.additional_properties.keys() == {"dispositif"}


USE = """
import type { components, paths } from "./api";
type Solutions = paths["/api/v1/solutions"]["get"]["responses"][200]["content"]["application/json"];
const read = async (base: string, key: string): Promise<string[]> => {
  const answer = await fetch(`${base}/api/v1/solutions`, {
    headers: { Authorization: `Bearer ${key}` },
  });
  const page = (await answer.json()) as Solutions;
  return page.items.map((one) => one.name);
};
const body: components["schemas"]["NewSolutionIn"] = { dispositif: "ris", name: "Écho",
  version: "", proxy_name: "", proxy_version: "", market: "A_PRECISER" };
// @ts-expect-error a solution has no colour
const wrong = (one: components["schemas"]["SolutionOut"]) => one.colour;
read(process.argv[2] ?? "", process.argv[3] ?? "").then((names) => {
  console.log(JSON.stringify({ names, body, wrong: typeof wrong }));
});
"""
PACKAGES = ("openapi-typescript@7", "typescript@5", "@types/node@20")


@pytest.mark.long
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_the_typescript_client_compiles_and_reads(document, tmp_path, live_server):
    """It downloads the generator, so that it runs in the long mode only."""

    def run(*command):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("npm", "install", "--no-audit", "--no-fund", *PACKAGES)
    run("npx", "--no-install", "openapi-typescript", str(document), "-o", "api.d.ts")
    (tmp_path / "use.ts").write_text(USE)
    flags = ("--strict", "--target", "es2022", "--module", "commonjs", "--types", "node")
    run("npx", "--no-install", "tsc", *flags, "use.ts")
    key = give_key(build().person, scopes=EVERYTHING)[1]
    shown = json.loads(run("node", "use.js", live_server.url, key))
    assert "ImaRIS" in shown["names"]
