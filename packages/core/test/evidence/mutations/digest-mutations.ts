import type { Mutation } from './mutation.js'

/** Of digests: their orders of bytes, their algebra, their layouts. */
export const DIGEST_MUTATIONS: readonly Mutation[] = [
  {
    name: 'the byte orders of CRC64 are swapped',
    file: 'digest/encoding.ts',
    find: "order === 'little-endian' ?",
    replace: "order !== 'little-endian' ?",
    by: 'values',
  },
  {
    name: 'the length of a digest is not checked',
    file: 'digest/encoding.ts',
    find: 'if (bits === undefined || bytes.length * 8 === bits) return',
    replace: 'if (bits !== 0) return',
    by: 'values',
  },
  {
    name: 'pieces are combined in the wrong order',
    file: 'digest/crc-combine.ts',
    find: 'for (const piece of pieces) {',
    replace: 'for (const piece of [...pieces].reverse()) {',
    by: 'hunt',
  },
  {
    name: 'all pieces are as long as the first',
    file: 'digest/crc-combine.ts',
    find: 'if (power?.size !== piece.size)',
    replace: 'if (power === undefined)',
    by: 'hunt',
  },
  {
    name: 'xxh3-64 is called wide',
    file: 'digest/algorithms.ts',
    find: "'xxh3-64': { bits: 64,",
    replace: "'xxh3-64': { bits: 128,",
    by: 'values',
  },
  {
    name: 'a CRC is called as strong as MD5',
    file: 'digest/algorithms.ts',
    find: "crc32c: { bits: 32, strength: 'error-detecting'",
    replace: "crc32c: { bits: 32, strength: 'legacy'",
    by: 'hunt',
  },
  {
    name: 'MD5 is called cryptographic',
    file: 'digest/algorithms.ts',
    find: "md5: { bits: 128, strength: 'legacy'",
    replace: "md5: { bits: 128, strength: 'cryptographic'",
    by: 'hunt',
  },
  {
    name: 'a last part that is longer is cut as the others',
    file: 'digest/part-layout.ts',
    find: 'last > 0 && last <= first &&',
    replace: 'last > 0 &&',
    by: 'hunt',
  },
  {
    name: 'bytes beyond the layout are left out',
    file: 'digest/parts-engine.ts',
    find: 'if (!next()) {\n            open = true',
    replace: 'if (!next()) {\n            return',
    by: 'values',
  },
  {
    name: 'an empty last part is left out',
    file: 'digest/parts-engine.ts',
    find: 'if (!even) while (next()) close()',
    replace: '',
    by: 'values',
  },
  {
    name: 'the digests of parts are digested as text',
    file: 'digest/parts-engine.ts',
    find: 'whole.update(hexToBytes(part.digest()))',
    replace: 'whole.update(new TextEncoder().encode(part.digest()))',
    by: 'hunt',
  },
  {
    name: 'another generator of CRC32C',
    file: 'digest/crc-parameters.ts',
    find: "reflected: '82f63b78'",
    replace: "reflected: 'edb88320'",
    by: 'values',
  },
]
