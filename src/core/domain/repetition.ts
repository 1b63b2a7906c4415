/** For each of a list of names, whether the same stood in it before. */
export const repeated = (names: ReadonlyArray<string>): ReadonlyArray<boolean> => {
  const first = new Map(names.map((name, index) => [name, index] as const).reverse())
  return names.map((name, index) => first.get(name) !== index)
}
