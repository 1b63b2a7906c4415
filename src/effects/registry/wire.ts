// What speaks HTTP and reads TOML: a part of its own, which is loaded when the first registry is asked.
export { parse as parseToml } from 'smol-toml'
export { Agent, ProxyAgent } from 'undici'
