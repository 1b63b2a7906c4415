const IDENTIFIER = /^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/
const MAX_LENGTH = 76

/** Whether containerd takes a text as an identifier (pkg/identifiers): of a container, a namespace, a plugin. */
export const isIdentifier = (text: string): boolean => text.length <= MAX_LENGTH && IDENTIFIER.test(text)
