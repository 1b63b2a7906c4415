/**
 * A CDI file as it was found: parsed but not decoded yet, or with the reason why it could be neither read nor parsed.
 */
export type CdiFile =
  | { readonly path: string; readonly document: unknown }
  | { readonly path: string; readonly unreadable: string }
