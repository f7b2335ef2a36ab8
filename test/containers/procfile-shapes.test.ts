import { expect, test } from "vitest";
import { tiesOf } from "./ties.ts";

const settings = 'worker_class = "gthread"\nthreads = 4\n';

test("a Procfile alone starts its processes with the settings beside it", async () => {
  const { hosts, findings } = await tiesOf({
    Procfile: "web: gunicorn shop.wsgi --workers 3 --bind 0.0.0.0:$PORT\nworker: celery -A shop worker\n",
    "gunicorn.conf.py": settings,
  });
  expect(hosts).toEqual({ Procfile: ["gunicorn (Procfile web) has /app/gunicorn.conf.py, 3 x 4, 30 s, ?"] });
  expect(findings).toEqual([]);
});

test("what the platform may set is not known", async () => {
  const { hosts } = await tiesOf({ Procfile: "web: gunicorn shop.wsgi --threads $THREADS\n" });
  expect(hosts).toEqual({ Procfile: ["gunicorn (Procfile web) has no file, ? x ?, 30 s, ?"] });
});

test("a Procfile beside containers is for another platform", async () => {
  const { hosts } = await tiesOf({
    Procfile: "web: gunicorn shop.wsgi --workers 3\n",
    "docker-compose.yml":
      "services:\n  web:\n    image: python:3.12\n    command: gunicorn -w 2 -b :8000 shop.wsgi\n",
  });
  expect(Object.values(hosts).flat()).toEqual(["gunicorn (web) has no file, 2 x 1, 30 s, *:8000"]);
});

test("a Procfile that starts nothing of ours is no host", async () => {
  expect((await tiesOf({ Procfile: "worker: celery -A shop worker\n" })).hosts).toEqual({});
});
