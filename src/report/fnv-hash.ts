const offsetBasis = 0xcbf29ce484222325n;
const prime = 0x100000001b3n;

/** FNV-1a with 64 bits over the UTF-16 code units of a text, as 16 hexadecimal digits. */
export function fnvHash(text: string): string {
  let hash = offsetBasis;
  for (let index = 0; index < text.length; index++)
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * prime);
  return hash.toString(16).padStart(16, "0");
}
