import { BackupError } from '../errors.js'
import { showValue } from '../source/index.js'

/** Checks of single options of one factory. Each throws `invalid-config` that names the option, its value and what it must be. */
export interface OptionChecks {
  /** The error for a wrong value, which it shows: not for secrets. */
  refused(name: string, value: unknown, what: string): BackupError
  /** The error with a text of its own. */
  invalid(message: string): BackupError
  /** Text, of a form where one is given. */
  text(name: string, value: unknown, what: string, form?: RegExp): void
  boolean(name: string, value: unknown): void
  /** A whole number from 1. */
  count(name: string, value: unknown, what: string): void
  /** Text that keys begin with: well-formed, at most so many bytes of UTF-8. */
  prefix(value: unknown, maxBytes: number): void
  /** A URL of http or https without user, query and fragment, which may be secrets: they are neither used nor shown. */
  endpoint(name: string, value: unknown, example: string): void
}

/** @param factory As callers write it: `s3Source`. @param provider Short name of the provider. */
export const optionChecks = (factory: string, provider: string): OptionChecks => {
  const invalid = (message: string): BackupError =>
    new BackupError({ code: 'invalid-config', message: `${factory}: ${message}`, provider })
  const refused = (name: string, value: unknown, what: string): BackupError =>
    invalid(`${name} is ${showValue(value)}; it must be ${what}.`)
  const text: OptionChecks['text'] = (name, value, what, form) => {
    if (typeof value !== 'string' || form?.test(value) === false) throw refused(name, value, what)
  }
  return {
    refused,
    invalid,
    text,
    boolean: (name, value) => {
      if (typeof value !== 'boolean') throw refused(name, value, 'true or false')
    },
    count: (name, value, what) => {
      if (!Number.isSafeInteger(value) || (value as number) < 1) throw refused(name, value, what)
    },
    prefix: (value, maxBytes) => {
      text('prefix', value, 'text that keys begin with')
      const prefix = value as string
      if (!prefix.isWellFormed() || Buffer.byteLength(prefix) > maxBytes) {
        throw refused('prefix', prefix, `text of at most ${maxBytes} bytes of UTF-8`)
      }
    },
    endpoint: (name, value, example) => {
      const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined
      if (url !== undefined && (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')) {
        throw invalid(
          `${name} has a user, a query or a fragment; give scheme, host and port only, and keys as credentials.`,
        )
      }
      if (url === undefined || !/^https?:$/.test(url.protocol)) throw refused(name, value, `a URL such as ${example}`)
    },
  }
}
