/** Programs, pages, pictures, keys and data by their suffix: never a configuration, whatever the rest of the name says. */
const suffixes = new Set(
  `
  htm html css scss js jsx ts tsx cjs cjsx cts ctsx mjs mjsx mts mtsx png jpg jpeg gif svg ico woff woff2 crt
  cer pem key csr pub sh bash ps1 bat pyc rb pl pm php lua go rs c cc cpp h hpp java kt md markdown rst adoc
  asciidoc textile wiki mediawiki tex org txt json json5 yml yaml toml xml csv sql log lock gz bz2 xz zip tar
  pdf t te pp tf po patch diff spec vcl gitignore gitkeep keep snap dockerfile map ipynb
  `
    .trim()
    .split(/\s+/),
);

/** Whether a name, its template suffix removed, is that of a format which none of the programs reads. */
export function isForeignFormat(installed: string): boolean {
  const dot = installed.lastIndexOf(".");
  return (
    (dot !== -1 && suffixes.has(installed.slice(dot + 1).toLowerCase())) ||
    /^(?:(?:docker|container|make|jenkins|vagrant|proc|gem|rake)file|readme|licen[cs]e|copying|changelog|contributing)(?:[._-]|$)/i.test(
      installed,
    )
  );
}
