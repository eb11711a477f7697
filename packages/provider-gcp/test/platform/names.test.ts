import { nameSuite } from '@backproof/test-servers/suites'
import { gcsStore } from './gcs-store.js'
import { openPlace } from './place.js'

/** "Object naming requirements", Cloud Storage documentation. */
const refuses = (key: string): string | undefined => {
  if (Buffer.byteLength(key) > 1_024) return 'Names of Cloud Storage have 1,024 bytes at most.'
  if (/[\r\n]/.test(key)) return 'Names of Cloud Storage hold no carriage returns and line feeds.'
  if (key === '.' || key === '..') return 'Objects of Cloud Storage cannot be named so.'
  return key.startsWith('.well-known/acme-challenge/') ? 'Cloud Storage keeps such names for itself.' : undefined
}

nameSuite({
  ...gcsStore(await openPlace()),
  refuses,
  refused: 5,
  order: 'utf8',
  versions: true,
  pageRows: 1_000,
  opaque: { require: 'stored', costs: { 'objects.get': 1, 'objects.getMedia': 1 } },
})
