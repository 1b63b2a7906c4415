import * as fc from 'fast-check'

import * as PluginConfig from '../core/decode/PluginConfig'
import * as TaskConfig from '../core/decode/TaskConfig'
import { Documents } from '../core/resolve/Request'
import { FactsDocument } from '../lib/FactsDocument'
import * as message from './allocation'
import * as withFacts from './facts'
import { factsDocument } from './factsDocument'
import { near } from './ofFields'
import * as request from './request'
import * as config from './task'

/** Three documents and the facts with which they compile. */
export interface Case {
  readonly documents: Documents
  readonly facts: FactsDocument
}

/** Cases that compile: `compile(documents, facts).ok` is true of each. */
export const cases: fc.Arbitrary<Case> = withFacts.cases.map(({ documents: given, facts }) => ({
  documents: given,
  facts: factsDocument(facts)
}))

/** Three documents without mistakes; a host may still have to say whether its devices and files are there. */
export const documents: fc.Arbitrary<Documents> = request.documents

/** A task's config in JSON, without mistakes. */
export const taskConfig: fc.Arbitrary<Readonly<Record<string, unknown>>> = config.task

/** An operator's config that lets every task run. */
export const pluginConfig: fc.Arbitrary<Readonly<Record<string, unknown>>> = request.plugin

/** Nomad's task message. */
export const allocation: fc.Arbitrary<Readonly<Record<string, unknown>>> = message.allocation

/** A task's config that is almost right: an option is missing, unknown, or holds what it should not. */
export const nearTaskConfig: fc.Arbitrary<unknown> = near(TaskConfig.fields, config.taskOverrides)

/** An operator's config that is almost right. */
export const nearPluginConfig: fc.Arbitrary<unknown> = near(PluginConfig.fields)
