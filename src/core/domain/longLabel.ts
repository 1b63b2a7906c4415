/** containerd refuses a label whose name and value have more than 4096 bytes; four bytes are the most of a letter. */
const MOST_BYTES = 4000

/** A text of any length as labels: `name`, `name.1`, `name.2`, each as long as containerd takes it. */
export const labelled = (name: string, text: string): Readonly<Record<string, string>> => {
  const length = Math.floor((MOST_BYTES - name.length) / 4)
  const pieces = Array.from({ length: Math.ceil(text.length / length) }, (_, index) => index * length)
  return Object.fromEntries(
    pieces.map((start, index) => [nth(name, index), text.slice(start, start + length)])
  )
}

const nth = (name: string, index: number): string => (index === 0 ? name : `${name}.${String(index)}`)

/** The text that labels hold; undefined where there is none. */
export const textOfLabels = (name: string, labels: Readonly<Record<string, string>>): string | undefined => {
  const count = Object.keys(labels).filter((one) => one === name || one.startsWith(`${name}.`)).length
  return count === 0
    ? undefined
    : Array.from({ length: count }, (_, index) => labels[nth(name, index)] ?? '').join('')
}
