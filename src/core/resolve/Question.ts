/** What only the host or the image can tell. The core asks in data; `answer` in effects reads, and nothing else. */
export type Question =
  | { readonly _tag: 'AskHost' }
  | { readonly _tag: 'AskImage'; readonly name: string; readonly snapshotter: string }
  | { readonly _tag: 'AskPath'; readonly path: string }
  | { readonly _tag: 'AskDevice'; readonly path: string }
