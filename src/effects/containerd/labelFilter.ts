/** containerd's filter for things that have a label, with this value where one is given. */
export const labelFilter = (key: string, value: string | undefined): string =>
  `labels.${JSON.stringify(key)}${value === undefined ? '' : `==${JSON.stringify(value)}`}`
