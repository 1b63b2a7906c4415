import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

const texts = t.array(t.string)

const ip = t.intersection([t.type({ address: t.string }), t.partial({ gateway: t.string })])

const dns = t.partial({ nameservers: texts, search: texts, options: texts, domain: t.string })

const codec = t.partial({ ips: t.array(ip), dns })

/**
 * What a result of CNI says, in words for later steps (CNI spec, section 5, "Success"; the lists of 0.3 and later). A
 * word is there where the network answers it: `address` is the first of IPv4, else of IPv6.
 */
export const resultWords = (result: unknown): Readonly<Record<string, string>> => {
  const decoded = codec.decode(result)
  const { ips = [], dns: names = {} } = E.isRight(decoded) ? decoded.right : {}
  const addresses = ips.map(({ address }) => address.replace(/\/\d+$/, ''))
  const [first] = [...addresses.filter((one) => !one.includes(':')), ...addresses]
  const words = {
    address: first,
    address6: addresses.find((one) => one.includes(':')),
    addresses: addresses.join(' '),
    gateway: ips.find(({ gateway }) => gateway !== undefined)?.gateway,
    nameservers: names.nameservers?.join(' '),
    search: names.search?.join(' '),
    options: names.options?.join(' ')
  }
  return Object.fromEntries(
    Object.entries(words).flatMap(([name, word]) => (word === undefined || word === '' ? [] : [[name, word]]))
  )
}

/** Every address with its prefix, as a result has it. */
export const addressesIn = (result: unknown): ReadonlyArray<string> => {
  const decoded = codec.decode(result)
  return E.isRight(decoded) ? (decoded.right.ips ?? []).map(({ address }) => address) : []
}
