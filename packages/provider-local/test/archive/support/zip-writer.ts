import { crc32, deflateRawSync } from 'node:zlib'

/** Entries of a zip archive, written field by field, so that tests can write what no archiver would. */
export interface ZipMember {
  /** One byte a character. */
  readonly name: string
  readonly data?: string | Uint8Array
  /** Default 8, deflate; 0 stores. */
  readonly method?: number
  /** Default 3, Unix. */
  readonly host?: number
  /** Default: none. */
  readonly flags?: number
  /** Default: a regular file with mode 0644. */
  readonly attributes?: number
  /** Of the central record; fields as they are written. */
  readonly extra?: Uint8Array
  /** Written over the local header and its name, or over the central record and its name. */
  readonly patchLocal?: (bytes: Buffer) => void
  readonly patchCentral?: (bytes: Buffer) => void
}

export interface ZipWhole {
  readonly prefix?: Uint8Array
  readonly comment?: string
  readonly patchEnd?: (bytes: Buffer) => void
}

export const MODE = (mode: number): number => (mode << 16) >>> 0

/** Patches that put a byte, or change one. */
export const put =
  (at: number, value: number) =>
  (bytes: Buffer): void => {
    bytes[at] = value
  }
export const flip =
  (at: number) =>
  (bytes: Buffer): void => {
    bytes[at]! ^= 1
  }

export const extraField = (id: number, data: Uint8Array): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUInt16LE(id, 0)
  head.writeUInt16LE(data.length, 2)
  return Buffer.concat([head, data])
}

export const zipOf = (members: readonly ZipMember[], { prefix, comment = '', patchEnd }: ZipWhole = {}): Buffer => {
  const locals: Buffer[] = [Buffer.from(prefix ?? [])]
  const centrals: Buffer[] = []
  let at = locals[0]!.length
  for (const member of members) {
    const { local, central } = written(member, at)
    locals.push(local)
    centrals.push(central)
    at += local.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(members.length & 0xffff, 8)
  end.writeUInt16LE(members.length & 0xffff, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  end.writeUInt16LE(comment.length, 20)
  patchEnd?.(end)
  return Buffer.concat([...locals, directory, end, Buffer.from(comment, 'latin1')])
}

const written = (member: ZipMember, offset: number): { readonly local: Buffer; readonly central: Buffer } => {
  const { method = 8, host = 3, flags = 0, attributes = MODE(0o100644), extra = Buffer.alloc(0) } = member
  const bytes = Buffer.from(member.data ?? '')
  const packed = method === 8 ? deflateRawSync(bytes) : bytes
  const name = Buffer.from(member.name, 'latin1')
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(flags, 2)
  common.writeUInt16LE(method, 4)
  common.writeUInt32LE(crc32(bytes), 10)
  common.writeUInt32LE(packed.length, 14)
  common.writeUInt32LE(bytes.length, 18)
  common.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name])
  member.patchLocal?.(local)
  const head = Buffer.alloc(20)
  head.writeUInt16LE(extra.length, 0)
  head.writeUInt32LE(attributes, 8)
  head.writeUInt32LE(offset, 12)
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02'),
    Buffer.from([30, host]),
    common.subarray(0, 24),
    head.subarray(0, 16),
    name,
    extra,
  ])
  member.patchCentral?.(central)
  return { local: Buffer.concat([local, packed]), central }
}
