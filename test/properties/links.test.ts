import * as fc from 'fast-check'

import { Entry, walk } from '../../src/effects/rootfs/walk'

const name = fc.constantFrom('a', 'b', 'dev', 'proc')
const step = fc.constantFrom('a', 'b', 'dev', 'proc', '..', '..', '.', '')

/** Where a link leads: up, down, absolute, to itself. */
const leads = fc.tuple(fc.constantFrom('', '/', '../'), fc.array(step, { maxLength: 5 })).map(([start, parts]) => `${start}${parts.join('/')}`)

const entry: fc.Arbitrary<Entry> = fc.oneof(
  { weight: 3, arbitrary: leads.map((to): Entry => ({ kind: 'link', to })) },
  { weight: 3, arbitrary: fc.constant<Entry>({ kind: 'directory' }) },
  { weight: 1, arbitrary: fc.constantFrom<Entry>({ kind: 'file' }, { kind: 'other' }, { kind: 'absent' }) }
)

const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`)

/** Any tree: what stands at each path that somebody looks at. */
const tree = fc.dictionary(path, entry, { maxKeys: 30 })

const asked = fc.array(step, { minLength: 1, maxLength: 6 }).map((parts) => `/${parts.join('/')}`)

/** Walks, and keeps what was looked at. */
const walked = async (all: Readonly<Record<string, Entry>>, start: string): Promise<{ readonly looks: ReadonlyArray<string>; readonly where: Awaited<ReturnType<typeof walk>> }> => {
  const looks: Array<string> = []
  const where = await walk((at) => {
    looks.push(at)
    return Promise.resolve(Object.hasOwn(all, at) ? all[at] ?? { kind: 'absent' } : { kind: 'directory' })
  }, start)
  return { looks, where }
}

it('in every tree of links a path stays inside of the root, and ends', async () => {
  await fc.assert(fc.asyncProperty(tree, asked, async (all, start) => {
    const { looks, where } = await walked(all, start)
    expect(looks.length).toBeLessThanOrEqual(1025)
    for (const at of [...looks, where.realPath]) {
      expect(at).toMatch(/^\//)
      expect(at.split('/').slice(1).some((part) => part === '..' || part === '.' || (part === '' && at !== '/'))).toBe(false)
    }
  }))
})

it('nobody looks below what is no directory, so the kernel has no link to follow', async () => {
  await fc.assert(fc.asyncProperty(tree, asked, async (all, start) => {
    const { looks } = await walked(all, start)
    for (const at of looks) {
      const parents = at.split('/').slice(1, -1).map((_part, index, parts) => `/${parts.slice(0, index + 1).join('/')}`)
      for (const parent of parents) expect([undefined, 'directory']).toContain(all[parent]?.kind)
    }
  }))
})

it('where a path leads, it leads to again: no link is left in it', async () => {
  await fc.assert(fc.asyncProperty(tree, asked, async (all, start) => {
    const { where } = await walked(all, start)
    fc.pre(where.kind !== 'loop' && where.kind !== 'absent')
    expect((await walked(all, where.realPath)).where).toEqual({ ...where, links: [], isAbove: false })
  }))
})

it('without links a path is what it says', async () => {
  await fc.assert(fc.asyncProperty(fc.array(name, { maxLength: 6 }), async (parts) => {
    expect((await walked({}, `/${parts.join('//')}`)).where).toEqual({ kind: 'directory', realPath: `/${parts.join('/')}`, links: [], isAbove: false })
  }))
})
