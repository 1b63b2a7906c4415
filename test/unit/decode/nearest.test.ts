import { fields } from '../../../src/core/decode/TaskConfig'
import { nearest } from '../../../src/core/field/nearest'

const names = Object.keys(fields)

describe('a mistyped option is told what was meant', () => {
  it.each([
    ['imgae', 'image'], ['imag', 'image'], ['images', 'image'], ['comand', 'command'], ['Command', 'command'], ['mount', 'mounts'],
    ['read_only_rootfs', 'readonly_rootfs'], ['host-network', 'host_network'], ['cap_ad', 'cap_add'], ['arg', 'args'], ['hostnam', 'hostname'],
    ['xyz', undefined], ['', undefined], ['memory_limit', undefined], ['a'.repeat(1000), undefined]
  ])('%s → %s', (name, meant) => { expect(nearest(name, names)).toBe(meant) })

  it('nothing is near when nothing is known', () => { expect(nearest('image', [])).toBeUndefined() })
})
