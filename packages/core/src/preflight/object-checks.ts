import type { BackupSource } from '../source/backup-source.js'
import type { ObjectEntry, ObjectInfo } from '../source/entry.js'
import { escapeKey } from '../source/key.js'
import type { PreflightCheck } from '../source/preflight.js'
import type { SourceTraits } from '../source/traits.js'
import type { Attempter } from './attempt.js'
import { EMPTY, type FirstPages, isObject, orderCheck } from './listing.js'
import { type Opened, openObject, openScanned } from './reading.js'
import { FIXES, failed, LIST, READ, STAT, type Subject } from './subjects.js'

export const statCheck = async (
  source: BackupSource,
  first: FirstPages,
  attempter: Attempter,
): Promise<PreflightCheck> => {
  const look = (entry: ObjectEntry): Promise<ObjectInfo> =>
    source.stat(entry.ref, { want: ['digests'], signal: attempter.signal })
  const { value, passedOver } = await tryObjects(STAT, first.entries.filter(isObject), attempter, look)
  if (value === undefined) return passedOver ?? notTried(STAT, noObject(first))
  const { key, size, version } = value
  const told = [
    ...(size === undefined ? [] : [`its size (${size} bytes)`]),
    ...(version === undefined ? [] : ['its version']),
  ]
  return told.length === 0
    ? { ...STAT, status: 'notice', detail: `${escapeKey(key)} is there, but neither size nor version are told.` }
    : worked(STAT, `${escapeKey(key)} is there, with ${told.join(' and ')}.`, passedOver)
}

export const readCheck = async (
  source: BackupSource,
  { readCost }: SourceTraits,
  first: FirstPages,
  attempter: Attempter,
): Promise<PreflightCheck> => unreadable(readCost) ?? readListed(source, first, attempter)

/** Of a source that is read from front to end: neither listed, which would read all of it, nor looked up. */
export const sequentialChecks = async (
  source: BackupSource,
  { keyOrder, readCost }: SourceTraits,
  { attempt, signal }: Attempter,
): Promise<readonly PreflightCheck[]> => {
  const checks = [
    notTried(LIST, 'it is read from front to end, and listing it would read all of it.'),
    orderCheck(keyOrder, { entries: [], complete: false }),
    notTried(STAT, 'it is read from front to end, and no object is looked up by itself.'),
  ]
  const without = unreadable(readCost)
  if (without !== undefined) return [...checks, without]
  const tried = await attempt(() => openScanned(source, signal))
  if ('error' in tried) return [...checks, failed(READ, tried.error)]
  const { opened, empty } = tried.value
  if (opened !== undefined) return [...checks, worked(READ, came(opened), undefined)]
  return [...checks, notTried(READ, empty ? EMPTY : 'no object with bytes is near its beginning.')]
}

const unreadable = (readCost: string): PreflightCheck | undefined =>
  readCost === 'impossible'
    ? notTried(READ, 'it is a list without bytes.')
    : readCost === 'archived'
      ? notTried(READ, 'its objects are archived, and a restore has to come first.')
      : undefined

const readListed = async (source: BackupSource, first: FirstPages, attempter: Attempter): Promise<PreflightCheck> => {
  const filled = first.entries.filter((entry) => isObject(entry) && entry.size !== 0)
  const open = (entry: ObjectEntry): Promise<Opened | undefined> => openObject(source, entry, attempter.signal)
  const { value, passedOver } = await tryObjects(READ, filled, attempter, open)
  return value === undefined
    ? (passedOver ?? notTried(READ, noObject(first, ' with bytes')))
    : worked(READ, came(value), passedOver)
}

/** Objects that are tried before a place counts as one where it does not work. */
const CANDIDATES = 3
/** What may be true of one object and of no other: it went away meanwhile, or is archived. */
const PASSED_OVER: ReadonlySet<string> = new Set(['not-found', 'changed', 'archived'])

/** The first value that one of the first objects gives, and why those before it gave none. */
const tryObjects = async <T>(
  subject: Subject,
  entries: readonly ObjectEntry[],
  { attempt }: Attempter,
  operation: (entry: ObjectEntry) => Promise<T | undefined>,
): Promise<{ readonly value?: T | undefined; readonly passedOver?: PreflightCheck | undefined }> => {
  let passedOver: PreflightCheck | undefined
  for (const entry of entries.slice(0, CANDIDATES)) {
    const tried = await attempt(() => operation(entry))
    if ('error' in tried) {
      const refused = failed(subject, tried.error)
      if (!PASSED_OVER.has(tried.error.code)) return { passedOver: refused }
      passedOver ??= tried.error.code === 'not-found' ? { ...refused, status: 'unknown', fix: FIXES.changed } : refused
    } else if (tried.value !== undefined) return { value: tried.value, passedOver }
  }
  return { passedOver }
}

const worked = (subject: Subject, detail: string, passedOver: PreflightCheck | undefined): PreflightCheck =>
  passedOver === undefined
    ? { ...subject, status: 'ok', detail }
    : { ...subject, status: 'notice', detail: `${detail} Before it: ${passedOver.detail}` }

const came = ({ key, bytes }: Opened): string =>
  `The first ${bytes === 1 ? 'byte' : `${bytes} bytes`} of ${escapeKey(key)} came.`

const notTried = (subject: Subject, why: string): PreflightCheck => ({
  ...subject,
  status: 'notice',
  detail: `Not tried: ${why}`,
})

const noObject = ({ complete }: FirstPages, which = ''): string =>
  complete ? `there is no object${which}.` : `none of the first entries is an object${which}.`
