import { unknown, type Value } from "../../../model/value.ts";
import { valueAt } from "../../../syntax/yaml/tree.ts";
import type { ManifestObject, ObjectIndex } from "./manifest-objects.ts";

const suffix =
  /^_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)$/;

/** Makes the variables of a namespace once. */
export class ServiceVariablesByNamespace {
  readonly #made = new Map<string | undefined, ServiceVariables>();

  constructor(private readonly index: ObjectIndex) {}

  of(namespace: string | undefined): ServiceVariables {
    const known = this.#made.get(namespace);
    if (known !== undefined) return known;
    const made = new ServiceVariables(this.index.inNamespace("Service", namespace));
    this.#made.set(namespace, made);
    return made;
  }
}

/**
 * Variables that the kubelet adds for the Services of the namespace: `WEB_SERVICE_HOST`, `WEB_PORT` =
 * `tcp://10.0.0.1:80` (kubernetes pkg/kubelet/envvars/envvars.go). A Service that came after the pod has none, so
 * their values are never known.
 */
export class ServiceVariables {
  readonly #services = new Map<string, ManifestObject>();

  constructor(services: readonly ManifestObject[]) {
    for (const service of services) {
      const spec = valueAt(service.node, "spec");
      const address = valueAt(spec, "clusterIP");
      if (address?.kind === "scalar" && address.text === "None") continue;
      const type = valueAt(spec, "type");
      if (type?.kind === "scalar" && type.text === "ExternalName") continue;
      this.#services.set(service.name.toUpperCase().replaceAll("-", "_"), service);
    }
  }

  /** Undefined where no Service that is here sets it. */
  get(name: string): Value<string> | undefined {
    for (let end = name.indexOf("_"); end !== -1; end = name.indexOf("_", end + 1)) {
      const service = this.#services.get(name.slice(0, end));
      const isMaster = end === 10 && name.startsWith("KUBERNETES_");
      if ((service === undefined && !isMaster) || !suffix.test(name.slice(end))) continue;
      return unknown(
        name,
        `Kubernetes sets it for Service ${service?.name ?? "kubernetes"}`,
        service === undefined ? {} : { at: service.at },
      );
    }
    return undefined;
  }
}
