import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "A name in gunicorn.conf.py that gunicorn ignores",
    since: "0.1.0",
    sources: [
      "gunicorn gunicorn/app/base.py, Application.load_config_from_module_name_or_filename: names that are no settings are skipped",
      "gunicorn gunicorn/config.py, KNOWN_SETTINGS of 20.0.4 to 26.1.0",
    ],
  },
  docs: () => ({
    what: "Reports a name that a configuration file assigns and nothing in it uses, where it is the flag of a setting (`keep_alive`, `preload`, `pid`), a setting in other letters (`WORKERS`) or nearly one (`max_request`).",
    why: "gunicorn takes the settings that it knows from the file and skips every other name without a word, so the value has no effect and the default stays in force.",
    fix: "Write the name that the message says. Settings and flags have different names: the flag `--keep-alive` is the setting `keepalive`.",
    exceptions:
      "Names that the file uses anywhere, functions, imports and names with a leading underscore are helpers and not reported, nor is a name beside the setting that it stands for.",
  }),
  examples: () => [
    {
      title: "Two settings by the names of their flags",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn app:app\n",
        "srv/app/gunicorn.conf.py":
          'bind = "127.0.0.1:8000"\nworkers = 3\n«keep_alive» = 5  # above the proxy\n«preload» = True\n',
      },
      findings: [
        "gunicorn has no setting keep_alive and ignores it; it is called keepalive",
        "gunicorn has no setting preload and ignores it; it is called preload_app",
      ],
    },
    {
      title: "Capital letters",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn app:app\n",
        "srv/app/gunicorn.conf.py": "«WORKERS» = 4\n",
      },
      findings: ["gunicorn has no setting WORKERS and ignores it; it is called workers"],
    },
    {
      title: "Quiet: helper variables, a hook and an import",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn app:app\n",
        "srv/app/gunicorn.conf.py":
          'import multiprocessing\nimport os\n\nnum_workers = multiprocessing.cpu_count() * 2 + 1\nworkers = min(num_workers, 8)\nlog_level = os.getenv("LOG_LEVEL", "info")\nloglevel = log_level.lower()\nname = os.getenv("HOSTNAME")\n\n\ndef on_exit(server):\n    server.log.info("bye")\n',
      },
    },
  ],
});
