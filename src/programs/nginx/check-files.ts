import { parseNumber } from "./parse-value.ts";
import type { SetterCheck } from "./setter-call.ts";

/** `client_body_temp_path` and its like: a folder and up to three levels of folders below (ngx_conf_set_path_slot). */
export const checkTempPath: SetterCheck = ({ placed }, refuse) => {
  const levels = placed.directive.args.slice(1);
  const numbers = levels.map(({ text }) => parseNumber(text));
  const wrong = levels[numbers.findIndex((number) => number === undefined || number === 0)];
  const length = numbers.reduce<number>((sum, number) => sum + (number ?? 0) + 1, 0);
  if (wrong === undefined && length <= 10 + levels.length) return;
  refuse(`"${placed.name}" directive invalid value`, wrong ?? levels[0], {
    help: "Behind the path stand up to three numbers: how many digits the names of the folders of each level have.",
  });
};

/** `proxy_store_access`, `dav_access` and their like (ngx_conf_set_access_slot). */
export const checkAccessRights: SetterCheck = ({ placed }, refuse) => {
  const wrong = placed.directive.args.find(({ text }) => !/^(?:user|group|all):rw?$/.test(text));
  if (wrong !== undefined)
    refuse(`invalid value "${wrong.text}"`, wrong, { help: "Write rights such as user:rw group:r all:r." });
};

/** ngx_http_core_set_aio */
export const checkAio: SetterCheck = ({ placed, declared }, refuse) => {
  const word = placed.directive.arg(0);
  if (word !== undefined && !/^(?:off|on|threads(?:=.*)?)$/s.test(word.text))
    refuse('"aio" directive invalid value', word, { help: "It is on, off, threads or threads=pool." });
  else if (/^threads=[^$]*$/.test(word?.text ?? "") && !placed.directive.file.conditional)
    declared.threadPools.push(placed);
};
