import { addressText } from "../../../src/model/address.ts";
import type { GunicornConfiguration } from "../../../src/model/gunicorn.ts";
import type { Value } from "../../../src/model/value.ts";

const known = <T>(value: Value<T>): T | undefined => (value.known ? value.value : undefined);

/** What the recordings hold of a uvicorn, as hostlint has it; undefined for what is not known. */
export const answered = (configuration: GunicornConfiguration) => ({
  workers: known(configuration.workers),
  reload: known(configuration.reload),
  binds: known(configuration.binds)?.map(addressText),
  backlog: known(configuration.backlog),
  keepalive: known(configuration.keepalive),
  maxRequests: known(configuration.maxRequests),
  limit: known(configuration.workerConnections),
  allowed: known(configuration.forwardedAllowIps)?.join(","),
});
