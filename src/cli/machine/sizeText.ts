const MIB = 1024 * 1024

/** Bytes in MiB, with one digit behind the point; the unit is left to whoever writes it. */
export const mibText = (bytes: number): string => (bytes / MIB).toFixed(1)

/** The same with its unit. */
export const sizeText = (bytes: number): string => `${mibText(bytes)} MiB`
