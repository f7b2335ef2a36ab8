/** Puts findings of one cause together, in the order in which the causes appear. */
export function groupBy<T>(items: Iterable<T>, cause: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = cause(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
