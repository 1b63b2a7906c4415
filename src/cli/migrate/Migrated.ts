import { Migration } from '../../core/migrate/migrateJob'

/** A job's text, and the name that messages give its file. */
export interface Source {
  readonly file: string
  readonly text: string
}

/** A job's new source, and what became of its tasks. */
export interface Migrated {
  readonly source: string
  readonly migration: Migration
}
