import type { CommandEntry } from './command.js'

/** Every command, in the order of the overview. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'compare',
    summary: 'Prove that copies hold the same objects as a source.',
    load: async () => (await import('./commands/compare.js')).command,
  },
  {
    name: 'verify',
    summary: 'Read every object again and hold it against recorded or stored digests.',
    load: async () => (await import('./commands/verify.js')).command,
  },
  {
    name: 'check',
    summary: 'Try in a few requests whether places can be listed and read, and say what to do.',
    load: async () => (await import('./commands/check.js')).command,
  },
  {
    name: 'audit',
    summary: 'Judge how backups are run, by rules: jobs, recovery points, restore tests, copies, capacity.',
    load: async () => (await import('./commands/audit.js')).command,
  },
  {
    name: 'rules',
    summary: 'List the rules that `audit` knows, or show one with its options and clauses.',
    load: async () => (await import('./commands/rules.js')).command,
  },
  {
    name: 'manifest',
    summary: 'Record every object with its size and digests, for `verify --against`.',
    load: async () => (await import('./commands/manifest.js')).command,
  },
  {
    name: 'hash',
    summary: 'Print digests of files, as sha256sum does, for `verify --against`.',
    load: async () => (await import('./commands/hash.js')).command,
  },
  {
    name: 'demo',
    summary: 'Copy a real tree, prove the copy, damage it, and find exactly that damage.',
    load: async () => (await import('./commands/demo.js')).command,
  },
]
