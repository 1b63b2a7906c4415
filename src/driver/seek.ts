import { Driver } from './Driver'
import { Life } from './Life'
import { Once } from './Once'

/**
 * Does something about a task that this process does not know. Whoever asks for the same task meanwhile waits until
 * that is over.
 */
export const seek = async <A>({ lives }: Driver, id: string, act: () => Promise<A>): Promise<A> => {
  const life: Life = { _tag: 'Sought', over: Once<true>() }
  lives.set(id, life)
  try {
    return await act()
  } finally {
    if (lives.get(id) === life) lives.delete(id)
    life.over.settle(true)
  }
}
