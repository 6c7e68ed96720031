type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The entries that have a value: for options where "absent" and "undefined" are two things. */
export function definedOf<T extends object>(entries: T): Partial<Defined<T>> {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as Partial<Defined<T>>;
}
