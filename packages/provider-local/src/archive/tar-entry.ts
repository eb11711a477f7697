import { keyFromBytes, type ObjectInfo, type ObjectMetadata } from '@backproof/core/source'
import { localError } from '../errors.js'
import { entryName, nameFields } from './entry-name.js'
import type { TarMember } from './tar-members.js'
import { paxInteger, paxTimeNs } from './tar-pax.js'

/**
 * The entry of a member; `undefined` for what is no entry: directories, and the label of a volume. `number` counts
 * members. A type of which nobody knows what it means is an entry with a problem.
 */
export const tarEntry = (member: TarMember, number: number): ObjectInfo | undefined => {
  const { type } = member.header
  const isFile = type === '0' || type === '7' || type === 'S'
  // Archives older than ustar know no directories but by the slash.
  if (NO_ENTRIES.has(type) || (isFile && member.name.endsWith('/'))) return undefined
  const name = entryName(member.name)
  const metadata = metadataOf(member)
  const base = {
    ...nameFields(name),
    ref: { entry: number },
    ...(metadata.mtimeNs !== undefined && { modified: Number(metadata.mtimeNs) / 1e6 }),
    metadata,
  }
  if (isFile) return { ...base, kind: 'object', size: member.sparse?.size ?? member.stored }
  if (type === '2')
    return { ...base, kind: 'symlink', linkTarget: keyFromBytes(Buffer.from(member.linkName, 'latin1')) }
  if (type === '1') {
    const target = entryName(member.linkName)
    const problem = name.problem ?? target.problem
    return problem === undefined
      ? { ...base, kind: 'object', linkTo: target.key }
      : { ...base, kind: 'object', problem }
  }
  if (SPECIAL.has(type)) return { ...base, kind: 'special' }
  const flag = /[!-~]/.test(type) ? `"${type}"` : `0x${type.charCodeAt(0).toString(16).padStart(2, '0')}`
  const message = `The archive holds an entry of the type ${flag}, which this reader does not know; compare it by a tool that does.`
  return {
    ...base,
    kind: 'special',
    problem: name.problem ?? localError('unsupported', 'scan', name.key, message).toJSON(),
  }
}

/** `5` directory, `D` directory with its names (GNU, incremental), `V` label of the volume (GNU). */
const NO_ENTRIES: ReadonlySet<string> = new Set(['5', 'D', 'V'])
/** Devices and FIFOs. */
const SPECIAL: ReadonlySet<string> = new Set(['3', '4', '6'])

const XATTR = 'SCHILY.xattr.'

const metadataOf = ({ header, pax }: TarMember): ObjectMetadata => {
  const plain = { mode: header.mode & 0o7777, uid: header.uid, gid: header.gid }
  if (pax.size === 0) return { ...plain, mtimeNs: nsOfSeconds(header.mtime) }
  const mtime = pax.get('mtime')
  const ns = mtime === undefined ? undefined : paxTimeNs(mtime)
  const xattrs: Record<string, string> = {}
  for (const [name, value] of pax) {
    if (name.startsWith(XATTR)) xattrs[name.slice(XATTR.length)] = Buffer.from(value, 'latin1').toString('hex')
  }
  return {
    mode: plain.mode,
    uid: paxInteger(pax.get('uid') ?? '') ?? plain.uid,
    gid: paxInteger(pax.get('gid') ?? '') ?? plain.gid,
    mtimeNs: ns === undefined ? nsOfSeconds(header.mtime) : String(ns),
    ...(Object.keys(xattrs).length > 0 && { xattrs }),
  }
}

const nsOfSeconds = (seconds: number): string => (seconds === 0 ? '0' : `${seconds}000000000`)
