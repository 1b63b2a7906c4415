import * as t from 'io-ts'

const texts = t.readonlyArray(t.string)

/** A port of the host that leads into a network namespace, as the plugin `portmap` takes it. */
const portMapping = t.readonly(
  t.type({
    hostPort: t.number,
    containerPort: t.number,
    protocol: t.keyof({ tcp: 1, udp: 1 }),
    /** `""` is every address of the host. */
    hostIP: t.string
  })
)

export type PortMapping = t.TypeOf<typeof portMapping>

/**
 * What a network may be asked for at run time (CNI conventions, "Dynamic Plugin specific fields"): each plugin gets of
 * it what it declares under `capabilities`.
 */
export const capabilities = t.readonly(
  t.partial({
    portMappings: t.readonlyArray(portMapping),
    ips: texts,
    mac: t.string,
    aliases: texts
  })
)

export type Capabilities = t.TypeOf<typeof capabilities>

/**
 * One container in one network, with all that ADD and DEL are told: what a DEL needs long after, also when the operator
 * has changed the conflist meanwhile (CNI spec 1.1, section 4). `conflist` is JSON, `path` is CNI_PATH, `record` the
 * file that keeps what ADD answered.
 */
export const attachment = {
  container: t.string,
  netns: t.string,
  network: t.string,
  conflist: t.string,
  path: t.string,
  args: t.readonly(t.record(t.string, t.string)),
  capabilities,
  record: t.string
}

const codec = t.readonly(t.type(attachment))

export type Attachment = t.TypeOf<typeof codec>

export const decodeAttachment = (value: unknown): t.Validation<Attachment> => codec.decode(value)
