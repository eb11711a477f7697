/** Members of a tar archive, written field by field, so that tests can write what no archiver would. */
export interface Member {
  readonly name: string
  readonly type?: string
  readonly data?: string | Uint8Array
  readonly linkName?: string
  /** Default: the length of `data`. */
  readonly size?: number
  /** Default: `ustar\0` and `00`. */
  readonly magic?: string
  /** Written over the block before its checksum is computed. */
  readonly patch?: (block: Buffer) => void
}

export const BLOCK = 512

/** Text has one byte a character. */
export const tarMember = ({
  name,
  type = '0',
  data = '',
  linkName = '',
  size,
  magic = 'ustar\x0000',
  patch,
}: Member): Buffer => {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : Buffer.from(data)
  const block = Buffer.alloc(BLOCK)
  block.write(name, 0, 100, 'latin1')
  block.write('0000644\0', 100, 'latin1')
  block.write('0001750\0', 108, 'latin1')
  block.write('0001750\0', 116, 'latin1')
  block.write(`${(size ?? bytes.length).toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  block.write('14616077051\0', 136, 'latin1')
  block.write(type, 156, 'latin1')
  block.write(linkName, 157, 100, 'latin1')
  block.write(magic, 257, 'latin1')
  patch?.(block)
  return Buffer.concat([withChecksum(block), bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)])
}

export const withChecksum = (block: Buffer): Buffer => {
  block.fill(0x20, 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

/** An extended header. Values have one byte a character. */
export const paxMember = (records: readonly (readonly [string, string])[], type = 'x'): Buffer =>
  tarMember({ name: 'PaxHeader', type, data: records.map(([name, value]) => paxRecord(name, value)).join('') })

const paxRecord = (name: string, value: string): string => {
  const rest = ` ${name}=${value}\n`
  let length = rest.length + 1
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length
  return `${length}${rest}`
}

export const END: Buffer = Buffer.alloc(2 * BLOCK)

export const tarOf = (...members: readonly (Buffer | Member)[]): Buffer =>
  Buffer.concat([...members.map((member) => (Buffer.isBuffer(member) ? member : tarMember(member))), END])
