import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { documented, goldenOutputs } from "./golden-compact.ts";
import { faulty, scratchHost } from "./scratch-host.ts";

const editor = "emacs";
const isInstalled = spawnSync(editor, ["--version"]).status === 0;
const settings = documented("Emacs", "elisp").join("\n");

/** Runs Lisp after the documented settings; what it prints as JSON. */
function emacs(lisp: string): unknown {
  const { folder, env } = scratchHost();
  const script = join(folder, "script.el");
  writeFileSync(script, `;; -*- lexical-binding: t -*-\n${settings}\n(require 'json)\n${lisp}\n`);
  const { stdout, stderr } = spawnSync(editor, ["--batch", "--quick", "--load", script], {
    encoding: "utf8",
    env,
    cwd: folder,
    timeout: 50_000,
  });
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`emacs printed no JSON: ${stdout}${stderr}`);
  }
}

describe("Emacs", () => {
  it.skipIf(!isInstalled).each(goldenOutputs)(
    "compile stops at every finding of $path and nowhere else (needs emacs)",
    ({ path, findings }) => {
      const types: Readonly<Record<string, number>> = { error: 2, warning: 1, info: 0 };
      const found = emacs(`
        (with-temp-buffer
          (insert-file-contents "${resolve(path)}")
          (compilation-mode)
          (setq-local compilation-error-regexp-alist '(hostlint))
          (compilation--ensure-parse (point-max))
          (goto-char (point-min))
          (let (found)
            (while (not (eobp))
              (let ((message (get-text-property (point) 'compilation-message)))
                (when message
                  (let ((loc (compilation--message->loc message)))
                    (push (list (caar (compilation--loc->file-struct loc))
                                (compilation--loc->line loc)
                                (compilation--loc->col loc)
                                (compilation--message->type message))
                          found))))
              (forward-line))
            (princ (json-encode (vconcat (nreverse found))))))`);
      expect(found).toEqual(
        findings.map(({ file, line, column, severity }) => [file, line, column, types[severity]]),
      );
    },
  );

  it.skipIf(!isInstalled)("flymake marks what is not saved (needs emacs)", () => {
    const { nginx } = scratchHost();
    const found = emacs(`
      (find-file "${nginx}")
      (erase-buffer)
      (insert ${JSON.stringify(faulty)})
      (let ((answer 'none))
        (hostlint-flymake (lambda (diagnostics &rest _) (setq answer diagnostics)))
        (while (eq answer 'none) (accept-process-output nil 0.1))
        (princ (json-encode
                (vconcat (mapcar (lambda (each)
                                   (list (line-number-at-pos (flymake-diagnostic-beg each))
                                         (format "%s" (flymake-diagnostic-type each))
                                         (flymake-diagnostic-text each)))
                                 answer)))))
      (set-buffer-modified-p nil)`);
    expect(found).toEqual([[3, ":warning", expect.stringContaining("[slots/worker-connections-default]")]]);
  });
});
