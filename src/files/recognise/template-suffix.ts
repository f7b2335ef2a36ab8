const templateSuffix = /\.(?:j2|jinja2?|erb|epp|tpl|stpl|tmpl|template|tmplt|in|mustache|hbs|gotmpl|ctmpl)$/i;
const sampleSuffix = /\.(?:example|sample|dist|default|dpkg-dist|dpkg-new|rpmnew|ucf-dist)$/i;
const backupSuffix =
  /(?:\.(?:bak|backup|orig|saved?|disabled|dpkg-old|rpmsave|swp|swo)\d*|~|\.conf(?:\.(?:old|org|off|\w*lint)|[.-]\d[\d-]*(?:-\w+)?))$/i;

/** The name that a file gets on the machine once its template is filled in or its sample is copied. */
export function installedName(name: string): string {
  let installed = name;
  for (let turn = 0; turn < 3; turn += 1) {
    const shorter = installed.replace(templateSuffix, "").replace(sampleSuffix, "");
    if (shorter === "" || shorter === installed) break;
    installed = shorter;
  }
  // nginx.template.conf, nginx-template.conf: the mark stands before the suffix.
  return installed.replace(/[._-]template(?=\.[a-z]+$)/i, "");
}

/** Whether something fills the file in before its program reads it. */
export function isTemplate(name: string): boolean {
  return templateSuffix.test(name) || /[._-]template\./i.test(name);
}

/**
 * Whether a text is a template of Jinja, cookiecutter, Django or ERB: what it says is not yet what its program gets.
 * Go templates (`{{.Name}}`) are left out, as compose files and scripts hand them on.
 */
export function isTemplateText(text: string): boolean {
  return /\{%-?[ \t]*[a-z]|\{\{-?[ \t]*[A-Za-z_]|<%[=-]?[ \t]/.test(text);
}

/** `nginx.conf.default` beside `nginx.conf`: shipped to be copied, read by no program. */
export function isSample(name: string): boolean {
  return sampleSuffix.test(name.replace(templateSuffix, ""));
}

/** `sysctl.conf.bak`: kept by a person or a package manager, read by no program. */
export function isBackup(name: string): boolean {
  return backupSuffix.test(name.replace(templateSuffix, ""));
}
