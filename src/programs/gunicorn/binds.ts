import type { Address } from "../../model/address.ts";
import { derive, unknown, type Value } from "../../model/value.ts";
import type { Problem } from "../../syntax/problem.ts";
import type { Span } from "../../text/span.ts";
import { parseBind, toAddress } from "./bind-address.ts";
import type { SettingValue } from "./setting-value.ts";

/**
 * The addresses that gunicorn opens. With a descriptor among them it opens the descriptors only
 * (gunicorn.sock.create_sockets).
 */
export function bindAddresses(
  bind: Value<SettingValue>,
  chdir: Value<SettingValue>,
): Value<readonly Address[]> {
  const label = "bind";
  if (!bind.known && bind.candidates === undefined) return unknown(label, bind.origin.why, { from: [bind] });
  const relative = (bind.known ? [bind] : (bind.candidates ?? [])).some((each) =>
    texts(each.value).some(isRelative),
  );
  if (!relative) return parsed(derive(label, "parsed", [bind], (value) => addresses(value, undefined)));
  return parsed(
    derive(label, "relative to chdir", [bind, chdir], (value, directory) =>
      addresses(value, typeof directory === "string" ? directory : undefined),
    ),
  );
}

function parsed(value: Value<readonly Address[] | undefined>): Value<readonly Address[]> {
  if (value.known)
    return value.value === undefined
      ? unknown(value.label, "an address that gunicorn cannot read", { from: [value] })
      : { ...value, value: value.value };
  const { candidates, ...rest } = value;
  const usable = candidates?.flatMap((each) =>
    each.value === undefined ? [] : [{ ...each, value: each.value }],
  );
  return usable === undefined || usable.length !== candidates?.length
    ? rest
    : { ...rest, candidates: usable };
}

function texts(value: SettingValue): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

function isRelative(text: string): boolean {
  const bind = parseBind(text);
  return bind.kind === "unix" && !bind.path.startsWith("/");
}

function addresses(value: SettingValue, directory: string | undefined): readonly Address[] | undefined {
  const all: Address[] = [];
  for (const text of texts(value)) {
    const bind = parseBind(text);
    const address = bind.kind === "error" ? undefined : toAddress(bind, directory);
    if (address === undefined) return undefined;
    all.push(address);
  }
  const descriptors = all.filter((address) => address.kind === "other");
  return descriptors.length > 0 ? descriptors : all;
}

/** Addresses with which gunicorn does not start, or starts without listening. */
export function bindFaults(bind: Value<SettingValue> | undefined, command: Span): Problem[] {
  if (bind === undefined || !bind.known) return [];
  const at = bind.origin.at ?? command;
  const rule = "gunicorn/value";
  const all = texts(bind.value);
  if (all.length === 0)
    return [{ rule, message: "gunicorn listens nowhere, and every worker fails: bind is empty", at }];
  return all.flatMap((text) => {
    const parsedBind = parseBind(text);
    if (parsedBind.kind === "error")
      return [{ rule, message: `gunicorn does not start: bind ${text}: ${parsedBind.message}`, at }];
    if (parsedBind.kind !== "tcp" || (parsedBind.port >= 0 && parsedBind.port <= 65535)) return [];
    return [{ rule, message: `gunicorn does not start: bind ${text}: the port must be 0 to 65535`, at }];
  });
}
