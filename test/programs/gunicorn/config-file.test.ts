import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unknown, type Value } from "../../../src/model/value.ts";
import { interpretGunicorn } from "../../../src/programs/gunicorn/interpret.ts";
import { inputOf, type Situation } from "./command-line.ts";

const shown = (value: Value<unknown> | undefined): unknown => {
  if (value === undefined) return "absent";
  if (value.known) return value.value;
  if (value.candidates !== undefined) return { candidates: value.candidates.map((each) => each.value) };
  return `unknown: ${value.origin.why}`;
};

/** What a file sets, by name. */
async function settings(
  text: string,
  names: readonly string[],
  situation: Situation = {},
): Promise<unknown[]> {
  const files = { ...situation.files, "gunicorn.conf.py": text };
  const { configuration } = await interpretGunicorn(inputOf({ version: "23.0", ...situation, files }));
  return names.map((name) => shown(configuration.settings.get(name)));
}

async function failure(text: string, situation: Situation = {}): Promise<string | undefined> {
  const files = { ...situation.files, "gunicorn.conf.py": text };
  return (await interpretGunicorn(inputOf({ version: "23.0", ...situation, files }))).failure?.message;
}

describe("expressions", () => {
  test.each<[string, unknown, Situation?]>([
    ["workers = int('0x1f', 16) % 5 + 2 ** 3 // 3", 3],
    ["workers = -7 // 2 + 10", 6],
    ["workers = round(2.5) + round(3.5)", 6],
    ["workers = max([1, 5, 3]) - min(2, 4)", 3],
    ["workers = 'abc'.find('c') + len('é'.upper())", 3],
    ["workers = {'a': 1, **{'b': 7}}['b']", 7],
    ["workers = [1, 2, 3][-1] + (4, 5)[0]", 7],
    ["workers = sum(i for i in range(5) if i % 2)", 4],
    ["workers = len([x for row in [[1], [2, 3]] for x in row])", 3],
    ["workers = 3 if 1 < 2 <= 2 and not 'x' in 'abc' else 9", 3],
    ["workers = (n := 2) + n", 4],
    ["a, (b, *c) = 1, (2, 3)\nworkers = a + b", 3],
    ["workers = (lambda x, y=2: x * y)(3)", 6],
    [
      "def f(a, b=1, *c, d=2, **e):\n    return a + b + len(c) + d + len(e)\nworkers = f(1, 2, 3, d=4, x=5)",
      9,
    ],
    ["def f(n):\n    for i in range(9):\n        if i == n:\n            return i\nworkers = f(4)", 4],
    [
      "x = []\nfor i in range(3):\n    if i == 1:\n        continue\n    x.append(i)\nelse:\n    x += [9]\nworkers = len(x)",
      3,
    ],
    ["n = 1\nwhile n < 100:\n    n *= 2\nworkers = n", 128],
    ["import os.path as p\nworkers = len(p.join('/a', 'b'))", 4],
    ["from pathlib import Path\nworkers = len(str(Path(__file__).resolve().parent / 'x'))", 11],
    ["class S:\n    n = 3\ns = S()\nworkers = S.n + s.n", 6],
    [
      "try:\n    workers = int('x')\nexcept (TypeError, ValueError) as e:\n    workers = 5\nfinally:\n    threads = 2",
      5,
    ],
    ["try:\n    import nothing_of_this_name\nexcept ImportError:\n    pass\nworkers = 2", 2],
    ["import sys\nworkers = 2 if sys.platform.startswith('linux') else 1", 2],
    ["vars()['workers'] = 4", 4],
    ["globals().update(workers=4)", 4],
    ["workers = 9\ndel workers", 1],
    ["import os\nos.environ.setdefault('W', '5')\nworkers = int(os.environ['W'])", 5],
    ["import os\nworkers = int(os.environ.get('W') or 2)", 7, { env: { W: "7" } }],
    [
      "import os\nworkers = 4 if os.getenv('DEBUG', '').lower() not in ('1', 'true') else 1",
      1,
      { env: { DEBUG: "True" } },
    ],
    ["import os\nworkers = len(os.sched_getaffinity(0))", 4, { cpus: 4 }],
    ["import math, os\nworkers = math.ceil(os.cpu_count() / 3)", 2, { cpus: 4 }],
    ["from environs import Env\nenv = Env()\nworkers = env.int('W', 3)", 3],
    ["from environs import Env\nenv = Env()\nworkers = env.int('W', 3)", 8, { env: { W: "8" } }],
    ["from decouple import config\nworkers = config('W', default=3, cast=int)", 8, { env: { W: "8" } }],
  ])("%j", async (text, expected, situation) => {
    expect(await settings(text, ["workers"], situation)).toEqual([expected]);
  });

  test.each([
    ["f'{7:03d}|{1.5:.2f}|{\"x\"!r:>5}|{{}}'", "007|1.50|  'x'|{}"],
    ["'%s-%05d-%(not)s' if False else '%s-%05d' % ('a', 42)", "a-00042"],
    ["'{0}-{x}-{0!r}'.format('a', x=3)", "a-3-'a'"],
    ["':'.join(['a', 'b']).upper().replace('A', 'c')", "c:B"],
    ["str([1, 'a', None, 2.0, (3,)])", "[1, 'a', None, 2.0, (3,)]"],
    ["'a,b,,c'.split(',', 1)[1].rpartition(',')[0]", "b,"],
    ["str(1e16) + str(1e-5) + str(-0.0) + str(2 ** 70)", "1e+161e-05-0.01180591620717411303424"],
  ])("proc_name = %s", async (text, expected) => {
    expect(await settings(`proc_name = ${text}\n`, ["proc_name"])).toEqual([expected]);
  });
});

describe("what cannot be known stays unknown", () => {
  test.each([
    ["import requests\nworkers = requests.get('http://x').json()['n']", "requests.get() is not read"],
    ["import random\nworkers = random.randint(1, 4)", "random.randint() is not read"],
    ["workers = eval('3')", "eval is not read() is not read"],
    ["exec('workers = 3')", "exec() runs code that is not read"],
    ["from settings import *", "settings is not here, and everything is imported from it"],
    ["globals()[input()] = 3", "input is not read() is not read"],
    ["@cache\ndef f(): return 3\nworkers = f()", "f() is not read"],
    ["import app.settings\nworkers = app.settings.WORKERS", "app.settings.WORKERS is not read"],
    ["match 1:\n    case 1:\n        workers = 2", "this statement is not read"],
  ])("%j", async (text) => {
    const [workers] = await settings(text, ["workers"]);
    expect(workers).toMatch(/^unknown: /);
  });

  test("an unknown condition leaves both values", async () => {
    const text =
      "import socket\nif socket.gethostname() == 'a':\n    workers = 8\n    threads = 2\nelse:\n    workers = 4\n    threads = 2\n";
    expect(await settings(text, ["workers", "threads"])).toEqual([{ candidates: [8, 4] }, 2]);
  });

  test("the same unknown condition is decided once", async () => {
    const text =
      "import os\nif os.path.exists('/x'):\n    a = 1\nelse:\n    a = 2\nif os.path.exists('/x'):\n    workers = a\nelse:\n    workers = a * 10\n";
    expect(await settings(text, ["workers"])).toEqual([{ candidates: [1, 20] }]);
  });

  test("a branch that stops gunicorn is not the one that runs", async () => {
    const text =
      "import socket\nif socket.gethostname() == 'a':\n    raise RuntimeError('no')\nworkers = 4\n";
    expect(await settings(text, ["workers"])).toEqual([4]);
  });

  test("a loop over something unknown leaves what it sets open", async () => {
    const text = "bind = []\nfor line in nothing():\n    bind.append('x:1')\n    workers = 2\nthreads = 3\n";
    const [bind, workers, threads] = await settings(`from a import nothing\n${text}`, [
      "bind",
      "workers",
      "threads",
    ]);
    expect([bind, workers]).toEqual([expect.stringMatching(/^unknown/), expect.stringMatching(/^unknown/)]);
    expect(threads).toBe(3);
  });

  test("too many unknown conditions", async () => {
    const text = `from a import f\n${Array.from({ length: 9 }, (_, n) => `if f(${n}):\n    workers = ${n}`).join("\n")}\n`;
    expect(await settings(text, ["workers"])).toEqual([
      "unknown: too many conditions of the file are not known",
    ]);
  });

  test("a variable that is not known", async () => {
    const input = inputOf({
      files: {
        "gunicorn.conf.py":
          "import os\nworkers = int(os.getenv('W', '2'))\nthreads = 3 if 'T' in os.environ else 1\n",
      },
    });
    const { configuration } = await interpretGunicorn({
      ...input,
      environment: {
        get: (name) =>
          name.length === 1 ? unknown(name, `${name} is not known`) : input.environment.get(name),
      },
    });
    expect(shown(configuration.workers)).toBe("unknown: int(os.getenv('W', '2')): W is not known");
    expect(shown(configuration.threads)).toEqual({ candidates: [3, 1] });
  });

  test("a .env file that may be loaded", async () => {
    const text =
      "import os\nfrom dotenv import load_dotenv\nload_dotenv()\nworkers = int(os.getenv('W', 2))\nthreads = int(os.getenv('T', 2))\n";
    expect(await settings(text, ["workers", "threads"], { env: { T: "5" } })).toEqual([
      "unknown: int(os.getenv('W', 2)): dotenv.load_dotenv() may set it",
      5,
    ]);
  });

  test("a template", async () => {
    const text = 'bind = "{{ host }}:80"\n{% if w %}\nworkers = 2\n{% endif %}\ntimeout = 40\n';
    expect(await settings(text, ["bind", "workers", "timeout"])).toEqual([
      expect.stringContaining("{{ host }} is filled in by a template"),
      "unknown: a template decides about it",
      40,
    ]);
    expect(await failure(text)).toBeUndefined();
  });
});

describe("the loop over GUNICORN_ variables", () => {
  const loop =
    "import os\nworkers = 2\nfor k, v in os.environ.items():\n    if k.startswith('GUNICORN_'):\n        locals()[k.split('_', 1)[1].lower()] = v\n";

  test("takes what is set", async () => {
    expect(
      await settings(loop, ["workers", "bind"], { env: { GUNICORN_WORKERS: "5", GUNICORN_BIND: ":1" } }),
    ).toEqual([5, [":1"]]);
    expect(await settings(loop, ["workers"])).toEqual([2]);
  });

  test("is followed where the names are not listed", async () => {
    const input = inputOf({ files: { "gunicorn.conf.py": loop }, env: { GUNICORN_TIMEOUT: "61" } });
    const { get } = input.environment;
    const { configuration } = await interpretGunicorn({ ...input, environment: { get } });
    expect(shown(configuration.timeout)).toBe(61);
  });

  test("leaves open what may be set", async () => {
    const input = inputOf({ files: { "gunicorn.conf.py": loop } });
    const { configuration } = await interpretGunicorn({
      ...input,
      environment: {
        get: (name) =>
          name.startsWith("GUNICORN_T") ? unknown(name, `${name} is not known`) : input.environment.get(name),
      },
    });
    expect(shown(configuration.workers)).toBe(2);
    expect(shown(configuration.timeout)).toContain("GUNICORN_TIMEOUT is not known");
  });
});

describe("modules", () => {
  test("stand in the directory that gunicorn starts in", async () => {
    const files = {
      "base.py": "workers = 3\n_hidden = 1\n",
      "pkg/__init__.py": "",
      "pkg/more.py": "N = 4\n",
    };
    const text =
      "from base import *\nfrom pkg import more\nimport pkg.more as again\nthreads = more.N + again.N\n";
    expect(await settings(text, ["workers", "threads"], { files })).toEqual([3, 8]);
  });

  test("may import each other", async () => {
    const files = { "a.py": "import b\nN = 2\n", "b.py": "import a\nM = 3\n" };
    expect(await settings("import a, b\nworkers = a.N + b.M\n", ["workers"], { files })).toEqual([5]);
  });

  test("are relative only inside of a package", async () => {
    const message = "ImportError: attempted relative import with no known parent package";
    expect(await failure("from .base import *\n", { files: { "base.py": "" } })).toBe(message);
    const files = {
      "pkg/__init__.py": "",
      "pkg/base.py": "workers = 6\n",
      "pkg/conf.py": "from .base import *\n",
    };
    const { configuration } = await interpretGunicorn(
      inputOf({ argv: ["-c", "python:pkg.conf", "app:app"], files }),
    );
    expect(shown(configuration.workers)).toBe(6);
  });
});

describe("what stops gunicorn", () => {
  test.each([
    ["workers = 1 / 0", "ZeroDivisionError: division by zero"],
    ["import os\nworkers = os.environ['W']", "KeyError: 'W'"],
    ["bind = '0.0.0.0:' + 80", 'TypeError: can only concatenate str (not "int") to str'],
    ["workers = cores * 2", "NameError: name 'cores' is not defined"],
    ["assert 1 > 2", "AssertionError"],
    ["raise ValueError('no')", "ValueError: no"],
    ["workers = None.x", "AttributeError: 'NoneType' object has no attribute 'x'"],
    ["import os\nworkers = os.cpu_count() / 2", "Error: int() can't convert non-string with explicit base"],
    ["def when_ready(): pass", "Error: Value must have an arity of: 1"],
    ["workers = = 3", "SyntaxError: invalid syntax"],
  ])("%j", async (text, message) => {
    expect(await failure(text)).toBe(message);
  });

  test("nothing that a library makes is judged", async () => {
    const text =
      "from pydantic import BaseSettings\nclass S(BaseSettings):\n    bind: str = 'a'\ns = S()\nbind = s.bind\nworkers = s.n\n";
    expect(await failure(text)).toBeUndefined();
  });
});

describe("hostile files", () => {
  test.each([
    ["workers = 10**10**10"],
    ["workers = 'a' * 10**9"],
    ["workers = 1 << 10**9"],
    ["workers = sum(range(10**12))"],
    ["while True:\n    pass"],
    ["def f(n): return f(n + 1)\nworkers = f(1)"],
    ["x = 'a'\nfor i in range(99):\n    x += x\nworkers = x"],
    ["x = [1]\nfor i in range(99):\n    x = x + x\nworkers = x"],
    ["x = [[a for a in range(9000)] for b in range(9000)]\nworkers = len(x)"],
    [`workers = ${"(".repeat(30_000)}`],
    ["workers = 1\n".repeat(1_000_000)],
  ])("%#: the value is unknown", async (text) => {
    const [workers] = await settings(text, ["workers"]);
    expect(workers).toMatch(/^unknown/);
  });

  test("values inside of themselves", async () => {
    expect(await failure("x = []\nx.append(x)\nproc_name = str(x)\nbind = x\n")).toBe(
      "Error: Not a string: <list>",
    );
    expect(
      await settings("x = 1\nfor i in range(3000):\n    x = [x]\nproc_name = str(x == [x])\n", ["timeout"]),
    ).toEqual([30]);
  });

  test("any text is answered", async () => {
    const lines = fc.array(
      fc.constantFrom(
        "workers = os.cpu_count()",
        "import os",
        "for i in os.environ:",
        "    workers = i",
        "if f(x):",
        "    del os",
        "try:",
        "except:",
        "    raise",
        "x = [x, *x]",
        "bind = f'{x}{bind!r:>5}'",
        "def f(*a, **k): return f(*a, **k)",
        "class A(B): x = 1",
        "x = A().x.y[1:2](3)",
        "globals()[x] = x",
        "from a import *",
        "workers = not x and 3 or {}[1]",
        "x += 'a' % (1, 2)",
        "x = '{}{0}{a.b}'.format(1)",
      ),
    );
    await fc.assert(
      fc.asyncProperty(lines, async (each) => {
        const result = await interpretGunicorn(inputOf({ files: { "gunicorn.conf.py": each.join("\n") } }));
        expect([...result.configuration.settings.keys()].length).toBeGreaterThan(80);
      }),
    );
  });
});
