import { nameOf } from "./host-path.ts";
import { installedName } from "./recognise/template-suffix.ts";
import type { FoundFile } from "./walk.ts";

const stages =
  "dev|devel|development|prod|production|stage|staging|test|testing|qa|uat|local|localhost|demo|copy|fixed|new|old|debug|release|preview|sandbox|live|sample|example";
const platforms = "ci|docker|compose|container|k8s|vagrant|heroku";
const forms = "init|initial|bootstrap|temp|tmp|backup|default|base|minimal|simple|full";
const transports = "https?|http[-_]?only|https?2|ssl|tls|nossl|no[-_]?ssl|secure|insecure";

/** A service may well be called `app-backup` or `app-init`, so of units only stages count. */
const markOfUnit = mark(stages);
const markOfSite = mark(`${stages}|${platforms}|${forms}|${transports}`);
const stageFolder = new RegExp(`^(?:${stages})(?:[-_]?(?:conf|config|env)s?)?$`, "i");

function mark(words: string): RegExp {
  return new RegExp(`(?:^|[-_. ])(?:${words})(?=$|[-_. ])`, "gi");
}

/**
 * The name of a file without the words that tell alternatives apart: `nginx.prod.conf` is the `prod` alternative
 * of `nginx.conf`, `nginx-http.conf` its `http` one. The label is empty for the plain one.
 */
export function variantOf(file: FoundFile): { readonly stem: string; readonly label: string } {
  const name = installedName(nameOf(file.path)).toLowerCase();
  const suffix = /\.[a-z]+$/.exec(name)?.[0] ?? "";
  const labels: string[] = [];
  const words = file.recognised.program === "nginx" ? markOfSite : markOfUnit;
  const stem = name.slice(0, name.length - suffix.length).replace(words, (word) => {
    labels.push(word.replace(/^[-_. ]/, ""));
    return "";
  });
  return { stem: stem + suffix, label: labels.join("-") };
}

/** Whether a folder is named after a stage: `dev`, `prodconf`, `staging`. */
export function isStage(folder: string): boolean {
  return stageFolder.test(folder);
}
