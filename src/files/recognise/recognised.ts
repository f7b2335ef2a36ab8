/** What a file is for hostlint. */
export type Recognised =
  | {
      readonly program: "nginx";
      /**
       * `main` starts an nginx (it has `events`, `http` or `worker_processes`); a `fragment` brings servers, upstreams,
       * locations or other blocks into one; a `snippet` holds only settings for whoever includes it.
       */
      readonly shape: "main" | "fragment" | "snippet";
    }
  | { readonly program: "systemd"; readonly what: "unit"; readonly unit: string }
  | { readonly program: "systemd"; readonly what: "drop-in"; readonly unit: string; readonly name: string }
  | { readonly program: "systemd"; readonly what: "manager"; readonly name: string }
  | { readonly program: "sysctl" }
  | { readonly program: "limits" }
  | { readonly program: "gunicorn" };

/** What a recogniser says of a file: what it is, why it is not what its name promises, or nothing. */
export type Verdict = Recognised | { readonly not: string } | undefined;

/** What a file was taken for, in words for the user. */
export function roleInWords(recognised: Recognised): string {
  switch (recognised.program) {
    case "nginx":
      return recognised.shape === "main" ? "nginx main configuration" : `nginx ${recognised.shape}`;
    case "systemd":
      if (recognised.what === "unit")
        return `systemd ${recognised.unit.slice(recognised.unit.lastIndexOf(".") + 1)}`;
      if (recognised.what === "drop-in") return `drop-in of ${recognised.unit}`;
      return "systemd manager settings";
    case "sysctl":
      return "sysctl";
    case "limits":
      return "limits.conf";
    case "gunicorn":
      return "gunicorn settings";
  }
}
