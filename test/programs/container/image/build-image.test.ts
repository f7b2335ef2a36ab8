import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryTree } from "../../../../src/files/memory-tree.ts";
import type { Argument } from "../../../../src/model/command.ts";
import type { ContainerFile } from "../../../../src/model/container.ts";
import { assumptionsOf, placeOf, type Value, written } from "../../../../src/model/value.ts";
import { type BuiltImage, buildImage } from "../../../../src/programs/container/image/build-image.ts";
import { SourceFile } from "../../../../src/text/source-file.ts";
import { span, spanText } from "../../../../src/text/span.ts";

const nowhere = span(new SourceFile("compose.yaml", ""), 0, 0);

interface Given {
  readonly files?: Readonly<Record<string, string>>;
  readonly args?: Readonly<Record<string, string>>;
  readonly target?: string;
}

function build(text: string, { files = {}, args = {}, target }: Given = {}): BuiltImage {
  return buildImage({
    tree: memoryTree({ "/Dockerfile": text, ...files }),
    dockerfile: "/Dockerfile",
    context: "/",
    args: new Map(Object.entries(args).map(([name, value]) => [name, written(name, value, nowhere)])),
    ...(target === undefined ? {} : { target: written("target", target, nowhere) }),
  });
}

const shown = <T>(value: Value<T>): T | string => (value.known ? value.value : `? ${value.origin.why}`);

function line(value: Value<readonly Argument[] | undefined>): unknown {
  return value.known ? value.value?.map(({ text }) => shown(text)) : shown(value);
}

function file({ path, source }: ContainerFile): string {
  if (source.kind === "repository") return `${path} <- ${source.path}`;
  if (source.kind === "inline") return `${path} = ${source.file.text}`;
  return source.kind === "unknown" || source.kind === "absent"
    ? `${path} ${source.kind}: ${source.why}`
    : `${path} ${source.kind}`;
}

// Sources: dispatchCmd, dispatchEntrypoint, withShell of dockerfile2llb/convert.go, BuildKit 2026-08.
describe("ENTRYPOINT and CMD", () => {
  const cases: readonly [string, string, unknown, unknown][] = [
    ["the last CMD wins", 'FROM python\nCMD a\nCMD ["b"]', undefined, ["b"]],
    ["shell form", "FROM python\nCMD a $X", undefined, ["/bin/sh", "-c", "a $X"]],
    ["SHELL", 'FROM python\nSHELL ["/bin/bash", "-ec"]\nCMD a', undefined, ["/bin/bash", "-ec", "a"]],
    ["ENTRYPOINT drops the CMD of the base", 'FROM python\nENTRYPOINT ["a"]', ["a"], undefined],
    [
      "ENTRYPOINT drops the CMD of another stage",
      'FROM python AS x\nCMD ["c"]\nFROM x\nENTRYPOINT ["a"]',
      ["a"],
      undefined,
    ],
    ["ENTRYPOINT leaves the CMD of its stage", 'FROM python\nCMD ["c"]\nENTRYPOINT ["a"]', ["a"], ["c"]],
    ["an empty array is none", "FROM nginx\nENTRYPOINT []\nCMD []", undefined, undefined],
    ["variables are left to the shell", 'FROM python\nENV A=1\nCMD ["$A"]', undefined, ["$A"]],
    ["of the base", "FROM nginx:1.25", ["/docker-entrypoint.sh"], ["nginx", "-g", "daemon off;"]],
    [
      "of an unknown base",
      "FROM acme/x:1",
      "? the image acme/x:1 is not known here",
      "? the image acme/x:1 is not known here",
    ],
    ["of scratch", "FROM scratch", undefined, undefined],
    ["of a stage", 'FROM python AS a\nCMD ["x"]\nFROM a', undefined, ["x"]],
    ["a template hole", 'FROM python\nCMD ["gunicorn", "{{ app }}"]', undefined, ["gunicorn", "? {{ app }}"]],
  ];
  test.each(cases)("%s", (_, text, entrypoint, command) => {
    const { image } = build(text);
    expect([line(image.entrypoint), line(image.command)]).toEqual([entrypoint, command]);
  });

  test("the text of the shell form stands where it is written", () => {
    const { image } = build("FROM python\nCMD exec \\\n  gunicorn a:b\n");
    const text = image.command.known ? image.command.value?.[2] : undefined;
    expect(text === undefined ? undefined : spanText(text.at)).toBe("exec \\\n  gunicorn a:b");
  });
});

// Sources: shell/lex.go and shell/lex_test.go of BuildKit; "Environment replacement" of the Dockerfile reference.
describe("substitution", () => {
  const cases: readonly [string, string, string][] = [
    ["plain", "a", "a"],
    ["quotes", `"a b"'c $A'`, "a bc $A"],
    ["variable", "$A/x", "1/x"],
    ["braces", "${A}x", "1x"],
    ["escaped dollar", "\\$A", "$A"],
    ["escaped dollar in double quotes", '"\\$A"', "$A"],
    ["default of an unset one", "${B:-d}", "d"],
    ["default of an empty one", "${E:-d}", "d"],
    ["default without colon of an empty one", "${E-d}", ""],
    ["default of a set one", "${A:-d}", "1"],
    ["alternative", "${A:+d}", "d"],
    ["alternative of an unset one", "${B:+d}", ""],
    ["nested", "${B:-${A:-x}y}", "1y"],
    ["lone dollar", "a$", "a$"],
    ["name ends at a dot", "$A.b", "1.b"],
    ["unset in the known base", "x${B}y", "xy"],
    ["required and set", "${A:?no}", "1"],
    ["a pattern", "${A%x}", "? the pattern of ${A%...} is not followed here"],
    [
      "set by the base's release",
      "$PYTHON_VERSION",
      "? python image sets PYTHON_VERSION to what its release has",
    ],
  ];
  test.each(cases)("%s", (_, value, expected) => {
    const { image } = build(`FROM python:3\nENV A=1 E=\nENV X=${value}\n`);
    expect(shown(image.environment.get("X"))).toBe(expected);
  });

  test.each([
    ["an open brace", "${A", "The build stops at this X: a } is missing"],
    ["no name", "${}", "The build stops at this X: a substitution ${...} is broken"],
    ["an open quote", '"a', "The build stops at this X: a double quote is not closed"],
    ["a required one", "${B:?no}", "The build stops at this X: B: no"],
  ])("refuses %s", (_, value, message) => {
    expect(build(`FROM python:3\nENV A=1\nENV X=${value}\n`).problems.map((each) => each.message)).toEqual([
      message,
    ]);
  });

  test("one ENV sees the variables as they were before it", () => {
    const { image } = build("FROM python\nENV A=1\nENV A=2 B=$A");
    expect(shown(image.environment.get("B"))).toBe("1");
  });

  test("the value of a variable names what it overrode", () => {
    const { environment } = build("FROM python\nENV A=1\nENV A=2").image;
    const { origin } = environment.get("A");
    expect(origin.kind === "written" ? origin.overrode.map((value) => shown(value)) : []).toEqual(["1"]);
  });

  test("of an unknown base every unset variable is unknown", () => {
    expect(shown(build("FROM acme/x:1").image.environment.get("A"))).toBe(
      "? the image acme/x:1 is not known here",
    );
    expect(shown(build("FROM python:3").image.environment.get("A"))).toBeUndefined();
  });
});

// Sources: dispatchArg and buildMetaArgs of convert.go; "Scope" of ARG in the Dockerfile reference.
describe("ARG", () => {
  const cases: readonly [string, string, Record<string, string>, string | undefined][] = [
    ["of a stage", "FROM python\nARG A=1\nENV X=$A", {}, "1"],
    ["passed over the default", "FROM python\nARG A=1\nENV X=$A", { A: "2" }, "2"],
    ["passed without ARG is nothing", "FROM python\nENV X=$A", { A: "2" }, ""],
    ["a global one is not seen in a stage", "ARG A=1\nFROM python\nENV X=$A", {}, ""],
    ["a global one comes in by name", "ARG A=1\nFROM python\nARG A\nENV X=$A", {}, "1"],
    ["the default of the stage wins over the global one", "ARG A=1\nFROM python\nARG A=3\nENV X=$A", {}, "3"],
    ["no variable of the container", "FROM python\nARG X=1", {}, undefined],
    ["ENV wins over an ARG before it", "FROM python\nARG A=1\nENV A=2\nENV X=$A", {}, "2"],
    [
      "a stage inherits those of the stage it is FROM",
      "FROM python AS a\nARG A=1\nFROM a\nENV X=$A",
      {},
      "1",
    ],
    ["without a value", "FROM python\nARG A\nENV X=$A", {}, "? ARG A has no default"],
    ["without a value, with a default where it is used", "FROM python\nARG A\nENV X=${A:-5}", {}, "5"],
    [
      "of the platform",
      "FROM python\nARG TARGETARCH\nENV X=$TARGETARCH",
      {},
      "? TARGETARCH depends on the platform that is built for",
    ],
  ];
  test.each(cases)("%s", (_, text, args, expected) => {
    expect(shown(build(text, { args }).image.environment.get("X"))).toBe(expected);
  });

  test("in FROM", () => {
    const text = "ARG V=3.11\nARG IMAGE=python:$V\nFROM $IMAGE";
    expect(shown(build(text).image.base)).toEqual({ repository: "python", tag: "3.11" });
    expect(shown(build(text, { args: { V: "3.12" } }).image.base)).toEqual({
      repository: "python",
      tag: "3.12",
    });
    expect(build("ARG I\nFROM $I").problems).toEqual([]);
    expect(build("ARG I\nFROM $I").image.base.known).toBe(false);
  });

  test("that a default stands because nothing is passed is assumed", () => {
    const value = build("FROM python\nARG A\nENV X=${A:-5}").image.environment.get("X");
    expect(assumptionsOf(value)).toEqual(["the build passes no A"]);
  });
});

describe("WORKDIR and USER", () => {
  test.each([
    ["relative ones add up", "FROM python\nWORKDIR /a\nWORKDIR b\nWORKDIR ../c", "/a/c"],
    ["from the root of the image", "FROM python\nWORKDIR app", "/app"],
    ["variables", "FROM python\nENV D=/srv\nWORKDIR $D/x/", "/srv/x"],
    ["inherited", "FROM python AS a\nWORKDIR /a\nFROM a\nWORKDIR b", "/a/b"],
    ["of the image", "FROM python", "/"],
    ["unknown base", "FROM acme/x:1\nWORKDIR a", "? the image acme/x:1 is not known here"],
    ["absolute on an unknown base", "FROM acme/x:1\nWORKDIR /a", "/a"],
  ])("%s", (_, text, expected) => {
    expect(shown(build(text).image.workingDirectory)).toBe(expected);
  });

  test("USER", () => {
    expect(shown(build("FROM python\nARG U=app\nUSER $U:$U").image.user)).toBe("app:app");
    expect(shown(build("FROM nginxinc/nginx-unprivileged:1.25").image.user)).toBe("101");
    expect(shown(build("FROM python").image.user)).toBe("root");
  });
});

describe("stages", () => {
  const three = 'FROM python AS one\nCMD ["1"]\nFROM nginx AS Two\nCMD ["2"]\nFROM one\nCMD ["3"]';
  test.each([
    ["the last one", undefined, ["3"]],
    ["by name", "one", ["1"]],
    ["by a name in another case", "TWO", ["2"]],
    ["by number", "1", ["2"]],
    ["none", "x", "? the Dockerfile has no stage x"],
  ])("target %s", (_, target, expected) => {
    expect(line(build(three, target === undefined ? {} : { target }).image.command)).toEqual(expected);
  });

  test("the base is the image at the end of the chain", () => {
    expect(shown(build("FROM python:3 AS a\nFROM a AS b\nFROM b").image.base)).toEqual({
      repository: "python",
      tag: "3",
    });
  });

  test("ONBUILD runs in the stage that is FROM it", () => {
    const text = "FROM python AS a\nONBUILD ENV X=1\nFROM a";
    expect(shown(build(text).image.environment.get("X"))).toBe("1");
    expect(shown(build(text, { target: "a" }).image.environment.get("X"))).toBeUndefined();
  });

  test("a Dockerfile that is not there", () => {
    const { image } = buildImage({
      tree: memoryTree({}),
      dockerfile: "/x/Dockerfile",
      context: "/x",
      args: new Map(),
    });
    expect(shown(image.command)).toBe("? x/Dockerfile is not in the repository");
  });

  test("an instruction before FROM", () => {
    expect(build("RUN x\nFROM python").problems.map((each) => each.message)).toEqual([
      "RUN stands before the first FROM; only ARG may",
    ]);
  });
});

// Sources: dispatchCopy and pathRelativeToWorkingDir of convert_copy.go and convert.go; prepareTargetDir of
// tonistiigi/fsutil copy.go; "Destination" of COPY in the Dockerfile reference.
describe("COPY", () => {
  const files = {
    "/nginx.conf": "x",
    "/conf/a.conf": "a",
    "/conf/b.conf": "b",
    "/conf/sub/c.conf": "c",
    "/app/main.py": "",
    "/.env": "",
  };
  const cases: readonly [string, string, readonly string[]][] = [
    ["a file to a path", "COPY nginx.conf /etc/x.conf", ["/etc/x.conf <- /nginx.conf"]],
    ["a file to a path with a slash", "COPY nginx.conf /etc/x/", ["/etc/x/nginx.conf <- /nginx.conf"]],
    [
      "a file to a folder of the image",
      "COPY conf/a.conf /etc/nginx/conf.d",
      ["/etc/nginx/conf.d/a.conf <- /conf/a.conf"],
    ],
    ["a file to a WORKDIR without slash", "WORKDIR /w\nCOPY nginx.conf /w", ["/w/nginx.conf <- /nginx.conf"]],
    [
      "a file to a folder that RUN made",
      "RUN mkdir -p /w\nCOPY nginx.conf /w",
      ["/w/nginx.conf <- /nginx.conf"],
    ],
    [
      "several files",
      "COPY conf/a.conf conf/b.conf /etc/x/",
      ["/etc/x/a.conf <- /conf/a.conf", "/etc/x/b.conf <- /conf/b.conf"],
    ],
    ["the contents of a folder", "COPY conf /etc/nginx/conf.d/", ["/etc/nginx/conf.d <- /conf"]],
    ["a pattern", "COPY conf/*.conf /d/", ["/d/a.conf <- /conf/a.conf", "/d/b.conf <- /conf/b.conf"]],
    ["a pattern for folders", "COPY co* /d/", ["/d <- /conf"]],
    ["a pattern takes leading dots", "COPY *env /d/", ["/d/.env <- /.env"]],
    ["to the WORKDIR", "WORKDIR /w\nCOPY . .", ["/w <- /"]],
    ["a file to the WORKDIR", "WORKDIR /w\nCOPY nginx.conf .", ["/w/nginx.conf <- /nginx.conf"]],
    ["a relative path", "WORKDIR /w\nCOPY conf c", ["/w/c <- /conf"]],
    ["out of the context is the context", "COPY ../../nginx.conf /n/", ["/n/nginx.conf <- /nginx.conf"]],
    ["variables", "ARG F=nginx.conf\nCOPY ./$F /n/", ["/n/nginx.conf <- /nginx.conf"]],
    ["the exec form", 'COPY ["nginx.conf", "/a b/"]', ["/a b/nginx.conf <- /nginx.conf"]],
    ["what is not there", "COPY dist /d", ["/d unknown: dist is not in the repository"]],
    ["a folder that is not there", "COPY dist/ /etc", ["/etc unknown: dist is not in the repository"]],
    ["from an image", "COPY --from=acme/x /a /b", ["/b unknown: /a comes from the image acme/x"]],
    ["a URL", "ADD https://example.org/x /b", ["/b unknown: https://example.org/x is fetched by the build"]],
    ["an archive", "ADD x.tar.gz /b", ["/b unknown: x.tar.gz is unpacked by the build"]],
    ["a heredoc", "COPY <<EOF /etc/a\nx $X\nEOF", ["/etc/a = x \n"]],
    ["a heredoc in quotes", "COPY <<'EOF' /etc/\nx $X\nEOF", ["/etc/EOF = x $X\n"]],
    [
      "a heredoc with a variable",
      'ENV P=80\nCOPY <<EOF /etc/a\nlisten "$P";\nEOF',
      ['/etc/a = listen "80";\n'],
    ],
  ];
  test.each(cases)("%s", (_, text, expected) => {
    expect(build(`FROM nginx:1.25.3\n${text}`, { files }).image.files.map(file)).toEqual(expected);
  });

  test("from another stage", () => {
    const text = "FROM python AS b\nWORKDIR /src\nCOPY . .\nCOPY conf/a.conf /x/y.conf\nFROM nginx\n";
    const copied = (copy: string) => build(text + copy, { files }).image.files.map(file);
    expect(copied("COPY --from=b /src/conf/b.conf /etc/nginx/conf.d/")).toEqual([
      "/etc/nginx/conf.d/b.conf <- /conf/b.conf",
    ]);
    expect(copied("COPY --from=0 /x/y.conf /z")).toEqual(["/z <- /conf/a.conf"]);
    expect(copied("COPY --from=b /src /app")).toEqual(["/app <- /"]);
    expect(copied("COPY --from=b /src/dist /app")).toEqual([
      "/app unknown: /src/dist is made by another stage",
    ]);
    expect(copied("COPY --from=b /x /app")).toEqual([
      "/app unknown: /x is made by another stage",
      "/app/y.conf <- /conf/a.conf",
    ]);
  });
});

// Source: ignorefile.ReadAll and MatchesOrParentMatches of moby/patternmatcher, and its tests.
describe(".dockerignore", () => {
  const files = { "/a.py": "", "/b.pyc": "", "/d/c.pyc": "", "/d/e.py": "", "/conf/x": "", "/conf/keep": "" };
  const cases: readonly [string, string, readonly string[]][] = [
    ["a name", "a.py", ["/w/a.py"]],
    ["a leading slash", "/a.py", ["/w/a.py"]],
    ["a comment", "#a.py", []],
    ["a pattern stays in its folder", "*.pyc", ["/w/b.pyc"]],
    ["two stars", "**/*.pyc", ["/w/b.pyc", "/w/d/c.pyc"]],
    ["two stars before a suffix", "**.pyc", ["/w/b.pyc", "/w/d/c.pyc"]],
    ["a folder", "d/", ["/w/d"]],
    ["dots", "./d/../conf", ["/w/conf"]],
    ["an exception", "conf\n!conf/keep", ["/w/conf/x"]],
    ["the last match decides", "!a.py\n*.py", ["/w/a.py"]],
    ["a class", "[ab].*", ["/w/a.py", "/w/b.pyc"]],
    ["a broken class is dropped", "[a", []],
  ];
  test.each(cases)("%s", (_, ignored, expected) => {
    const { image } = build("FROM python\nCOPY . /w", { files: { ...files, "/.dockerignore": ignored } });
    const absent = image.files.filter(({ source }) => source.kind === "absent").map(({ path }) => path);
    expect(absent).toEqual(expected);
  });

  test("the one of the Dockerfile is read instead", () => {
    const own = { ...files, "/.dockerignore": "a.py", "/Dockerfile.dockerignore": "b.pyc" };
    const { image } = build("FROM python\nCOPY . /w", { files: own });
    expect(image.files.map(file)).toContain("/w/b.pyc absent: kept out of the build by .dockerignore");
    expect(image.files).toHaveLength(2);
  });

  test("a file that is named and kept out", () => {
    const { image } = build("FROM python\nCOPY a.py /w/", { files: { ...files, "/.dockerignore": "*.py" } });
    expect(image.files.map(file)).toEqual([
      "/w/a.py unknown: a.py is kept out of the build by .dockerignore",
    ]);
  });
});

describe("RUN", () => {
  const files = { "/site.conf": "", "/start.sh": "" };
  const cases: readonly [string, string, readonly string[]][] = [
    [
      "rm",
      "RUN rm /etc/nginx/conf.d/default.conf",
      ["/etc/nginx/conf.d/default.conf absent: removed by a RUN"],
    ],
    [
      "rm of a pattern",
      "RUN set -e; rm -f /etc/nginx/conf.d/*.conf",
      ["/etc/nginx/conf.d/default.conf absent: removed by a RUN"],
    ],
    ["rm of everything", "RUN rm -rf /etc/nginx/conf.d/*", ["/etc/nginx/conf.d folder"]],
    [
      "rm in a condition",
      "RUN if true; then rm /x; fi",
      ["/x unknown: /x is perhaps changed by rm in a RUN"],
    ],
    ["rm that may not run", "RUN a || rm /x", ["/x unknown: /x is perhaps changed by rm in a RUN"]],
    [
      "rm behind a condition",
      "RUN if [ -f /a ]; then cp /a /tmp/b; else :; fi && rm /x",
      ["/tmp/b unknown: /tmp/b is perhaps changed by cp in a RUN", "/x absent: removed by a RUN"],
    ],
    [
      "rm behind a subshell",
      "RUN set -x && (adduser a 2>/dev/null || true) && rm /x",
      ["/x absent: removed by a RUN"],
    ],
    [
      "rm behind cases",
      "RUN case $(uname) in Linux|*BSD) rm /a ;; (*) false ;; esac; rm /x",
      ["/a unknown: /a is perhaps changed by rm in a RUN", "/x absent: removed by a RUN"],
    ],
    [
      "rm behind loops",
      "RUN for f in a b; do rm /$f /c; done; while false; do rm /d; done; rm /x",
      [
        "/c unknown: /c is perhaps changed by rm in a RUN",
        "/d unknown: /d is perhaps changed by rm in a RUN",
        "/x absent: removed by a RUN",
      ],
    ],
    [
      "rm in and behind a function",
      "RUN f() { rm /a; }; f && rm /x",
      ["/a unknown: /a is perhaps changed by rm in a RUN", "/x absent: removed by a RUN"],
    ],
    [
      "what a group prints",
      "RUN { echo a; echo b; } > /etc/a.conf; rm /x",
      ["/etc/a.conf unknown: /etc/a.conf is changed by a command in a RUN", "/x absent: removed by a RUN"],
    ],
    ["a folder that is perhaps left", "RUN if cd /a; then rm b; fi; rm c", []],
    ["words that only look like the shell's own", "RUN echo if && rm /x", ["/x absent: removed by a RUN"]],
    [
      "sed on a file of the base",
      "RUN sed -i s/a/b/ /etc/nginx/nginx.conf",
      ["/etc/nginx/nginx.conf unknown: /etc/nginx/nginx.conf is changed by sed in a RUN"],
    ],
    [
      "sed that takes CR away",
      "COPY start.sh /\nRUN sed -i 's/\\r$//g' /start.sh && chmod +x /start.sh",
      ["/start.sh <- /start.sh"],
    ],
    [
      "a link to a copied file",
      "COPY site.conf /srv/\nRUN ln -s /srv/site.conf /etc/nginx/conf.d/",
      ["/srv/site.conf <- /site.conf", "/etc/nginx/conf.d/site.conf <- /site.conf"],
    ],
    [
      "mv",
      "COPY site.conf /srv/\nRUN cd /srv && mv site.conf /etc/a.conf",
      ["/srv/site.conf <- /site.conf", "/etc/a.conf <- /site.conf", "/srv/site.conf absent: moved by a RUN"],
    ],
    [
      "a redirection",
      'RUN echo "daemon off;" >> /etc/nginx/nginx.conf 2>/dev/null',
      ["/etc/nginx/nginx.conf unknown: /etc/nginx/nginx.conf is changed by echo in a RUN"],
    ],
    ["a heredoc", "RUN <<EOF\nrm /a\nEOF", ["/a absent: removed by a RUN"]],
    ["logs to the console", "RUN ln -sf /dev/stdout /var/log/nginx/access.log", []],
  ];
  test.each(cases)("%s", (_, text, expected) => {
    expect(build(`FROM nginx:1.25.3\n${text}`, { files }).image.files.map(file)).toEqual(expected);
  });

  test("pinned versions", () => {
    const { image } = build(
      'FROM python\nRUN pip install --no-cache-dir "gunicorn[gevent]==21.2.0" \\\n  Flask>=2 uvicorn_worker==0.2 && python -m pip install x==1\n',
    );
    expect(image.pins.map(({ name, version, at }) => [name, version, spanText(at)])).toEqual([
      ["gunicorn", "21.2.0", '"gunicorn[gevent]==21.2.0"'],
      ["uvicorn-worker", "0.2", "uvicorn_worker==0.2"],
      ["x", "1", "x==1"],
    ]);
  });

  test("packages bring the configuration of the distribution", () => {
    expect(
      build("FROM python:3.12-slim\nRUN apt-get update && apt-get install -y nginx").image.nginx?.program,
    ).toBe("nginx package of Debian");
    expect(build("FROM alpine:3.20\nRUN apk add --no-cache nginx").image.nginx?.program).toBe(
      "nginx package of Alpine",
    );
    expect(build("FROM python:3.12-slim\nRUN apt-get install -y curl").image.nginx).toBeUndefined();
  });
});

describe("any Dockerfile", () => {
  const instruction = fc.constantFrom(
    "FROM a",
    "FROM nginx AS b",
    "FROM b",
    "FROM $X",
    "ARG X=b",
    "ARG X",
    "ENV A=$X B='",
    "ENV A ${A:-${B}}",
    "WORKDIR $A/x",
    "COPY --from=b . /x",
    "COPY --from=9 / /",
    "COPY . .",
    "COPY *[ /x/",
    "COPY <<E /e\n$A\nE",
    "RUN rm -rf /x/* && ln -s /e x",
    "RUN (a || { case b in c) rm /x ;; esac; }) ) fi done { (",
    "RUN <<E\npip install a==1\nE",
    "CMD ['a']",
    'CMD ["{{ x }}"]',
    "ENTRYPOINT x",
    "ONBUILD COPY . /o",
    "SHELL []",
    "USER\t",
    "VOLUME /v",
  );
  test("never throws, and everything has its place", () => {
    fc.assert(
      fc.property(fc.array(instruction, { maxLength: 12 }), (lines) => {
        const text = lines.join("\n");
        const { image, problems } = build(text, { files: { "/a/b": "" } });
        for (const { at } of [...image.files, ...problems]) expect(at.end).toBeLessThanOrEqual(text.length);
        expect(placeOf(image.base)).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    [
      "stages on each other",
      `FROM a AS s0\n${Array.from({ length: 2000 }, (_, n) => `FROM s${n} AS s${n + 1}`).join("\n")}`,
    ],
    ["nested substitutions", `FROM a\nENV X=${"${A:-".repeat(100_000)}`],
    ["a RUN of brackets", `FROM a\nRUN ${"$(".repeat(200_000)}`],
    ["many variables", `FROM a\n${"ENV A=$A\n".repeat(20_000)}`],
  ])("hostile: %s", (_, text) => {
    expect(build(text).image.files).toEqual([]);
  });
});
