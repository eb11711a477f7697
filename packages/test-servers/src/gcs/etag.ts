/**
 * ETags of resources as Cloud Storage writes them, base64 of a protocol buffer. Of an object: its generation (field 1) and
 * metageneration (field 2), for example `CKih16GjycICEAE=`.
 */
export const objectEtag = (generation: bigint, metageneration: number): string =>
  Buffer.from([0x08, ...varint(generation), 0x10, ...varint(BigInt(metageneration))]).toString('base64')

/** Of a bucket: its metageneration, for example `CAE=`. */
export const bucketEtag = (metageneration: number): string =>
  Buffer.from([0x08, ...varint(BigInt(metageneration))]).toString('base64')

const varint = (value: bigint): number[] => {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return [...bytes, Number(rest)]
}
