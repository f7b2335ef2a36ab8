import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { replacedWords, wordsIn } from "../../src/files/replaced-words.ts";

const of = (script: string) => replacedWords(script).map(({ word, name }) => `${word} in ${name}`);

describe("what a script replaces", () => {
  test.each([
    ['sed -i "s|my-address|$IP|g" nginx/conf.d/*.conf', ["my-address in *.conf"]],
    ["sed -i 's|cache-size|'$size'|g' $base/etc/nginx/caches", ["cache-size in caches"]],
    [
      "RUN sed -i.bak -e 's/SERVER_HOST/a/' -e 's#app.root#/srv#' /etc/nginx/nginx.conf",
      ["SERVER_HOST in nginx.conf", "app.root in nginx.conf"],
    ],
    [
      'cd x && sed -ri "s/DOMAIN/$1/g; s~app_path~$2~" a.conf b.conf && nginx',
      ["DOMAIN in a.conf", "DOMAIN in b.conf", "app_path in a.conf", "app_path in b.conf"],
    ],
    ["sed --in-place --expression=s/HOST/h/ \\\n  site.conf", ["HOST in site.conf"]],
    ['sudo sed -i "s~app_name~$name~g" /etc/nginx/sites-available/$name.conf', ["app_name in *.conf"]],
  ])("%s", (script, expected) => {
    expect(of(script)).toEqual(expected);
  });

  test.each([
    ["sed 's/HOST/h/' site.conf > /etc/nginx/site.conf"],
    ["# sed -i 's/HOST/h/' site.conf"],
    ["sed -i 's/auto/4/' nginx.conf"],
    ["sed -i 's/listen 80/listen 8080/' nginx.conf"],
    ["sed -i 's/worker_connections.*;/worker_connections 10240;/' nginx.conf"],
    ['sed -i "s/HOST/h/" "$file"'],
    ["sed -i '/HOST/d' nginx.conf"],
    ["echo s/HOST/h/ nginx.conf"],
    ["sed -i"],
  ])("nothing: %s", (script) => {
    expect(of(script)).toEqual([]);
  });
});

test("the files are known by their names", () => {
  const replaced = replacedWords('sed -i "s/HOST/$H/" *.conf\nsed -i "s/app-port/$P/" /etc/nginx/site\n');
  expect(wordsIn("/nginx/a.conf", replaced)).toEqual(["HOST"]);
  expect(wordsIn("/nginx/site", replaced)).toEqual(["app-port"]);
  expect(wordsIn("/nginx/other", replaced)).toEqual([]);
});

test("any script is answered", () => {
  const part = fc.oneof(
    fc.constantFrom(
      "sed ",
      "-i ",
      "-e ",
      "s/A-b/",
      "c/g",
      " x.conf",
      "\n",
      "\\\n",
      '"',
      "'",
      "&& ",
      "$X",
      "; ",
    ),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      for (const { word, name } of replacedWords(parts.join("")))
        expect(word !== "" && name !== "").toBe(true);
    }),
  );
});
