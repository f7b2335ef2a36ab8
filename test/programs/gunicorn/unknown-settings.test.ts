import { expect, test } from "vitest";
import { unknownSettings } from "../../../src/programs/gunicorn/unknown-settings.ts";
import { parsePythonSettings } from "../../../src/syntax/python-settings/parse.ts";
import { SourceFile } from "../../../src/text/source-file.ts";

function reported(text: string): string[] {
  const file = new SourceFile("gunicorn.conf.py", text);
  return unknownSettings(file, parsePythonSettings(file)).map(({ message }) => message);
}

test.each([
  ["keep_alive = 5\n", "keepalive"],
  ["preload = True\n", "preload_app"],
  ["log_level = 'debug'  # log_level of gunicorn\n", "loglevel"],
  ["if True:\n    max_request = 100\n", "max_requests"],
  ["WORKERS = 4\n", "workers"],
  ["worker_conections = 4\n", "worker_connections"],
  ["pid = '/run/app.pid'\n\n\ndef post_fork(server, worker):\n    server.log.info(worker.pid)\n", "pidfile"],
])("%j", (text, meant) => {
  expect(reported(text)).toHaveLength(1);
  expect(reported(text)[0]).toContain(`it is called ${meant}`);
});

test.each([
  "num_workers = 4\nworkers = num_workers * 2\n",
  "keep_alive = 5\nkeepalive = 5\n",
  "log_level = 'info'\n\n\ndef on_starting(server):\n    print(log_level)\n",
  "import os as pid\nfrom app import preload\n",
  "def worker(server):\n    max_request = 1\n",
  "_workers = 4\nenv = 'production'\nname = os.getenv('NAME')\npid = os.getpid()\n",
  "preload = True\nfor key in list(globals()):\n    pass\n",
  "host = '0.0.0.0'\nport = 80\ncores = 2\n",
  "keep_alive = (\n",
])("quiet: %j", (text) => {
  expect(reported(text)).toEqual([]);
});
