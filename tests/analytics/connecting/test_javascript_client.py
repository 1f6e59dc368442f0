"""``@clickhouse/client``, ClickHouse's own for JavaScript. Skips, saying so, without node or the package:
``npm install --prefix build/node @clickhouse/client`` puts it where this test looks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.analytics.connecting.shared_world import Shared

MODULES = Path(__file__).parents[3] / "build" / "node" / "node_modules"

_PROGRAM = """
const { createClient } = require('@clickhouse/client');
(async () => {
  const client = createClient({
    url: process.env.SHARE_URL, username: 'analyst', password: process.env.SHARE_PASSWORD, database: 'footfall',
  });
  const ping = await client.ping({ select: true });
  const counted = await client.query({
    query: 'SELECT count() AS views FROM events WHERE kind = {kind: String} AND bot = {bot: String}',
    query_params: { kind: 'page_view', bot: '' }, format: 'JSONEachRow', clickhouse_settings: { max_threads: 1 },
  });
  const [{ views }] = await counted.json();
  const streamed = await client.query({ query: 'SELECT number FROM numbers(20000)', format: 'JSONCompactEachRow' });
  let rows = 0;
  for await (const part of streamed.stream()) rows += part.length;
  let refused = '';
  try { await client.command({ query: 'DROP TABLE events' }); } catch (error) { refused = error.code; }
  await client.close();
  console.log(JSON.stringify({ ping: ping.success, views: Number(views), rows, refused }));
})();
"""


def _modules() -> str:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    places = os.pathsep.join([str(MODULES), os.environ.get("NODE_PATH", "")])
    found = subprocess.run(
        [node, "-e", "require.resolve('@clickhouse/client')"],
        env={**os.environ, "NODE_PATH": places},
        capture_output=True,
        check=False,
        timeout=60,
    )
    if found.returncode:
        pytest.skip("@clickhouse/client is not installed; npm install --prefix build/node @clickhouse/client")
    return places


def test_the_javascript_client_asks_streams_and_may_not_write(shared: Shared) -> None:
    environment = {
        **os.environ,
        "NODE_PATH": _modules(),
        "SHARE_URL": f"http://127.0.0.1:{shared.port}",
        "SHARE_PASSWORD": shared.password,
    }
    ran = subprocess.run(
        ["node", "-e", _PROGRAM], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {"ping": True, "views": shared.page_views, "rows": 20_000, "refused": "164"}
