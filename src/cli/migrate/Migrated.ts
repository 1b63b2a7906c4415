import { Migration } from '../../core/migrate/migrateJob'
import type { Reach } from '../hcl/Reach'

/** A job's text, the name that messages give its file, and what the job may read itself. */
export interface Source {
  readonly file: string
  readonly text: string
  /** Anew at each call: it remembers what it refused. */
  readonly reach: () => Reach | undefined
}

/** A job's new source, and what became of its tasks. */
export interface Migrated {
  readonly source: string
  readonly migration: Migration
}
