import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { documented, goldenOutputs } from "./golden-compact.ts";
import { faulty, scratchHost } from "./scratch-host.ts";

/** Silent and without the person's own settings. */
const modes: Readonly<Record<string, readonly string[]>> = {
  vim: ["-es", "-N", "-u", "NONE", "-i", "NONE"],
  nvim: ["--headless", "-u", "NONE", "-i", "NONE"],
};

const [command = "", onSave = "", compiler = ""] = documented("Vim and Neovim", "vim");

interface Entry {
  readonly file: string;
  readonly lnum: number;
  readonly col: number;
  readonly type: string;
  readonly text: string;
  readonly valid: number;
}

const readBack =
  "call writefile([json_encode(map(getqflist(), {_, e -> {'file': bufname(e.bufnr), 'lnum': e.lnum, 'col': e.col, 'type': e.type, 'text': e.text, 'valid': e.valid}}))], $ENTRIES)\nqall!\n";

describe.each(Object.keys(modes))("%s", (editor) => {
  const isInstalled = spawnSync(editor, ["--version"]).status === 0;

  /** Runs a script in the editor; the quickfix list afterwards. */
  function quickfix(script: string, args: readonly string[] = []): Entry[] {
    const { folder, env } = scratchHost();
    const [entries, source] = [join(folder, "entries.json"), join(folder, "script.vim")];
    writeFileSync(source, script + readBack);
    const { stderr } = spawnSync(editor, [...(modes[editor] ?? []), ...args, "-S", source], {
      encoding: "utf8",
      env: { ...env, ENTRIES: entries },
      cwd: folder,
      input: "",
      timeout: 50_000,
    });
    try {
      return JSON.parse(readFileSync(entries, "utf8"));
    } catch {
      throw new Error(`${editor} wrote no quickfix list: ${stderr}`);
    }
  }

  it.skipIf(!isInstalled).each(goldenOutputs.map((each) => [each.path, each.findings] as const))(
    `reads %s into its quickfix list (needs ${editor})`,
    (path, findings) => {
      const entries = quickfix(`${compiler}cgetfile ${resolve(path)}\n`);
      expect(
        entries.map(({ file, lnum, col, type, text, valid }) => ({ file, lnum, col, type, text, valid })),
      ).toEqual(
        findings.map(({ file, line, column, severity, message, rule }) => ({
          file,
          lnum: line,
          col: column,
          type: severity.charAt(0),
          text: `${message} [${rule}]`,
          valid: 1,
        })),
      );
    },
  );

  it.skipIf(!isInstalled)(`lints what is not saved, and again on each save (needs ${editor})`, () => {
    const { nginx } = scratchHost();
    const text = JSON.stringify(faulty.trimEnd().split("\n"));
    const change = `edit ${nginx}\nsilent %delete _\ncall setline(1, ${text})\n`;
    const expected = [{ lnum: 3, col: 22, type: "w" }];
    const places = (entries: readonly Entry[]) => entries.map(({ lnum, col, type }) => ({ lnum, col, type }));
    const unsaved = quickfix(`${command}${change}Hostlint\n`);
    expect(places(unsaved)).toEqual(expected);
    expect(unsaved[0]?.file).toBe(nginx);
    expect(unsaved[0]?.text).toContain("[slots/worker-connections-default]");
    expect(readFileSync(nginx, "utf8")).not.toBe(faulty);
    expect(places(quickfix(`${command}${onSave}${change}silent write\n`))).toEqual(expected);
    expect(readFileSync(nginx, "utf8")).toBe(faulty);
  });

  it.skipIf(!isInstalled)(`runs it as a compiler (needs ${editor})`, () => {
    const { nginx } = scratchHost();
    writeFileSync(nginx, faulty);
    const entries = quickfix(`${compiler}cd ${nginx.replace("/etc/nginx/nginx.conf", "")}\nsilent make!\n`);
    expect(entries.map(({ lnum, type }) => ({ lnum, type }))).toEqual([{ lnum: 3, type: "w" }]);
  });
});
