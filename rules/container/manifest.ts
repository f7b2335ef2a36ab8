import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A manifest that Kubernetes does not accept",
    since: "0.1.0",
    sources: [
      "kubernetes/apimachinery pkg/api/resource/quantity.go",
      "sigs.k8s.io/yaml: kubectl converts YAML 1.1 to JSON before it sends it",
      "kubernetes pkg/apis/core/validation/validation.go",
      "kubernetes pkg/kubelet/kubelet_pods.go, makeEnvironmentVariables and makeMounts",
    ],
  },
  docs: () => ({
    what: "Reports fields of workloads, Services and ConfigMaps that have another type than the API wants (a variable whose `value` is a number, `yes` or `on`), amounts that are no quantities (`512mb`, `1K`), requests above their limit, two containers of one name, and keys that the ConfigMap in these files does not have.",
    why: "The API server refuses the whole object, so the old version keeps running. A missing key is accepted, and the pod then does not start.",
    fix: "Put numbers and words such as `yes`, `no`, `on`, `y` and `n` of variables, arguments and ConfigMaps in quotes. Write amounts as `500m`, `512Mi`, `1Gi`.",
    exceptions:
      "An amount of memory with `m` is only a warning: the API accepts 512m, which is half a byte. What is not in these files may be in the cluster, so a ConfigMap that is not there is no finding.",
  }),
  examples: () => [
    {
      title: "A number as the value of a variable, and megabytes of memory",
      files: {
        "web.yaml":
          "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: app\n      image: registry.example.org/app:1\n      command: [gunicorn, app:app]\n      env:\n        - name: WEB_CONCURRENCY\n          value: «3»\n      resources:\n        limits:\n          memory: «512mb»\n",
      },
      findings: [
        "value of WEB_CONCURRENCY must be a string, and 3 is a number: the API server refuses the object",
        "limits.memory of app is 512mb, which is no quantity: the API server refuses the object",
      ],
    },
    {
      title: "A file that the ConfigMap does not hold",
      files: {
        "web.yaml":
          "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ⟦proxy⟧\ndata:\n  default.conf: |\n    server {}\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: nginx\n      image: nginx:1.27\n      volumeMounts:\n        - name: proxy\n          mountPath: /etc/nginx/conf.d\n  volumes:\n    - name: proxy\n      configMap:\n        name: proxy\n        items:\n          - key: «nginx.conf»\n            path: nginx.conf\n",
      },
      findings: ["ConfigMap proxy has no key nginx.conf, so the pod does not start"],
    },
    {
      title: "Quiet: quoted values, and a ConfigMap that is somewhere else",
      files: {
        "web.yaml":
          'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: app\n      image: registry.example.org/app:1\n      command: [gunicorn, app:app]\n      env:\n        - name: WEB_CONCURRENCY\n          value: "3"\n        - name: LEVEL\n          valueFrom:\n            configMapKeyRef:\n              name: settings\n              key: level\n      resources:\n        limits:\n          cpu: 0.5\n          memory: 512Mi\n',
      },
    },
  ],
});
