import * as zlib from 'node:zlib'
import type { Compressors } from 'hyparquet'

/** Node has zstd from 22.15 on. */
type ZstdDecompress = (input: Uint8Array, options: { readonly maxOutputLength: number }) => Buffer

const unzstd = (): ZstdDecompress | undefined =>
  (zlib as { readonly zstdDecompressSync?: ZstdDecompress }).zstdDecompressSync

/** What unpacks pages, beside Snappy, which hyparquet has of its own. Nothing yields more than its page says. */
export const parquetCompressors = (): Compressors => {
  const zstd = unzstd()
  return {
    GZIP: (input, length) => zlib.gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
    BROTLI: (input, length) => zlib.brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
    ...(zstd !== undefined && { ZSTD: (input, length) => zstd(input, { maxOutputLength: Math.max(1, length) }) }),
  }
}

/** Why a codec cannot be read here, and what to do; `undefined` where it can. */
export const unreadableCodec = (codec: string, compressors: Compressors): string | undefined => {
  if (codec === 'UNCOMPRESSED' || codec === 'SNAPPY' || codec in compressors) return undefined
  if (codec === 'ZSTD') {
    return `it is packed by zstd, which Node ${process.versions.node} cannot unpack. Run this with Node 22.15 or newer, or choose CSV, or Parquet with Snappy.`
  }
  return `it is packed by ${codec}, which is not read here. Choose CSV, or Parquet with Snappy, gzip or zstd.`
}
