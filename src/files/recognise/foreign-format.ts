/** Programs, pages, pictures, keys and data by their suffix: never a configuration, whatever the rest of the name says. */
const suffix =
  /\.(?:html?|css|scss|[cm]?[jt]sx?|png|jpe?g|gif|svg|ico|woff2?|crt|cer|pem|key|csr|pub|sh|bash|ps1|bat|pyc|rb|pl|pm|php|lua|go|rs|c|cc|cpp|h|hpp|java|kt|md|markdown|rst|adoc|asciidoc|textile|wiki|mediawiki|tex|org|txt|json5?|ya?ml|toml|xml|csv|sql|log|lock|gz|bz2|xz|zip|tar|pdf|t|te|pp|tf|po|patch|diff|spec|vcl|gitignore|gitkeep|keep|snap|dockerfile|map|ipynb)$/i;

/** Whether a name, its template suffix removed, is that of a format which none of the programs reads. */
export function isForeignFormat(installed: string): boolean {
  return (
    suffix.test(installed) ||
    /^(?:(?:docker|container|make|jenkins|vagrant|proc|gem|rake)file|readme|licen[cs]e|copying|changelog|contributing)(?:[._-]|$)/i.test(
      installed,
    )
  );
}
