// What of undici asks registries: its whole is twice as long to load, and takes six megabytes more.
const Dispatcher = require('undici/lib/dispatcher/dispatcher')

Object.assign(Dispatcher.prototype, require('undici/lib/api'))

module.exports = {
  Agent: require('undici/lib/dispatcher/agent'),
  ProxyAgent: require('undici/lib/dispatcher/proxy-agent')
}
