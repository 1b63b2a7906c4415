/** A device's full name `vendor.com/class=name` (CDI SPEC.md, "Kind" and "CDI Devices"), taken apart. */
export interface QualifiedName {
  /** `vendor.com/class` */
  readonly kind: string
  readonly device: string
}

// The spec's length limits, and the letters that the reference implementation takes: it allows `_` in a vendor too.
const KIND = /^(?=[^/]{1,253}\/[^/]{1,63}$)[A-Za-z](?:[\w.-]*[A-Za-z0-9])?\/[A-Za-z](?:[\w.-]*[A-Za-z0-9])?$/
const DEVICE = /^[A-Za-z0-9](?:[\w.:-]*[A-Za-z0-9])?$/

export const isKind = (text: string): boolean => KIND.test(text)

export const isDeviceName = (text: string): boolean => DEVICE.test(text)

/** The parts of a full name, nothing when the text is none: a path, or a name without its vendor and class. */
export const parse = (text: string): QualifiedName | undefined => {
  const equals = text.indexOf('=')
  const kind = text.slice(0, Math.max(equals, 0))
  const device = text.slice(equals + 1)
  return isKind(kind) && isDeviceName(device) ? { kind, device } : undefined
}

/** Whether a text is a full CDI name, so that an entry of `devices` can be told from a path. */
export const isQualified = (text: string): boolean => parse(text) !== undefined
