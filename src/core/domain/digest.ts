import { sha256 } from '@noble/hashes/sha2'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils'

/** SHA-256 of a text in UTF-8, as sixty-four lower-case hex digits. */
export const sha256Hex = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)))

/** An OCI digest (`sha256:…`) of a text in UTF-8. */
export const digestOf = (text: string): string => `sha256:${sha256Hex(text)}`
