import { defineRule } from "../../src/lint/rule.ts";
import { spanText } from "../../src/text/span.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A comment after a value becomes part of the value",
    since: "0.1.0",
    sources: [
      "systemd.syntax(7): comments are lines that begin with # or ;",
      "systemd.service(5), COMMAND LINES",
    ],
  },
  docs: () => ({
    what: "Reports `# text` or `; text` behind the value of a setting.",
    why: "systemd has comments only on lines of their own. `TasksMax=100 # c` is no number and is ignored, so the default stays; `User=app # c` is an account that does not exist, and the start fails with 217/USER; `ExecStart=/usr/bin/app # c` hands `#` and `c` to the program.",
    fix: "Put the comment on a line of its own above the setting.",
    exceptions:
      "Settings that hold text for people, such as `Description=`, and a hash inside quotes are not reported. In lists of names, such as `After=`, systemd only drops the words that are none, which is a warning.",
  }),
  examples: () => [
    {
      title: "A limit that is ignored, and arguments that nobody wanted",
      files: {
        "etc/systemd/system/app.service":
          "[Unit]\nAfter=network.target «; for the database»\n[Service]\nLimitNOFILE=65536 «# twice the slots»\nExecStart=/usr/bin/app --port 80 «# as root»\n",
      },
      findings: [
        "systemd has no comments after a value: After= takes `; for the database` for names",
        "systemd has no comments after a value: `# twice the slots` makes LimitNOFILE= another value than it looks",
        "systemd has no comments after a value: ExecStart= hands `# as root` to the program",
      ],
    },
    {
      title: "Quiet: a line of its own, a hash in a word, in quotes and in a description",
      files: {
        "etc/systemd/system/app.service":
          "[Unit]\nDescription=Worker # 1\n[Service]\n# twice the slots\nLimitNOFILE=65536\nEnvironment=COLOUR=#fff \"TITLE=a # b\"\nExecStart=/bin/sh -c 'exec app # here' #1\n",
      },
    },
  ],
  *check(host) {
    for (const { key, at, kind } of host.systemd.trailingComments) {
      const comment = shown(spanText(at));
      yield {
        at,
        ...(kind === "words" ? { severity: "warning" } : {}),
        message: `systemd has no comments after a value: ${
          kind === "arguments"
            ? `${key}= hands \`${comment}\` to the program`
            : kind === "words"
              ? `${key}= takes \`${comment}\` for names`
              : `\`${comment}\` makes ${key}= another value than it looks`
        }`,
        because: [{ message: "part of the value", at }],
        help: "put the comment on a line of its own",
      };
    }
  },
});

function shown(comment: string): string {
  return comment.length > 60 ? `${comment.slice(0, 59)}…` : comment;
}
