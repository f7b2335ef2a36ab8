/**
 * Recorded answers that files alone cannot give, with the parts of the answer that stay open and the reason.
 * Everything else in these cases is compared.
 */
export const machineOnly: Readonly<
  Record<string, { readonly why: string; readonly what: readonly string[] }>
> = {
  "cli-app-default-attr": { why: "the application is not loaded", what: ["exit", "stderr"] },
  "cli-chdir-missing": { why: "whether a directory exists is not asked", what: ["exit", "stderr"] },
  "cli-config-dir": { why: "a directory reads as a file that is not there", what: ["stderr"] },
  "cli-paste-missing": { why: "whether PasteDeploy is installed is not known", what: ["exit", "stderr"] },
  "cli-user-missing": { why: "which accounts exist is not known", what: ["exit", "stderr"] },
  "conf-python-prefix-missing": { why: "the module may be installed", what: ["exit", "stderr"] },
};
