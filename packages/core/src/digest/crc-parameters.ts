export type CrcAlgorithm = 'crc32' | 'crc32c' | 'crc64nvme'

/** A reflected CRC whose register starts as all ones and is inverted at the end, and what folding it needs. */
export interface CrcParameters {
  readonly bits: 32 | 64
  /** Generator polynomial without its leading power, bits reversed (lowest bit: highest power), in hexadecimal. */
  readonly reflected: string
  /**
   * Distances d in bytes, ascending, the last of them D, such that x^(8 D) + the sum of all x^(8 (D - d)) is a multiple
   * of the generator over GF(2). A byte of the message then counts the same when it stands d bytes later for every d.
   */
  readonly taps: readonly number[]
  /** CRC of the ASCII text "123456789". */
  readonly check: string
}

/**
 * Polynomials and check values: the CRC catalogue of Greg Cook (CRC-32/ISO-HDLC, CRC-32/ISCSI, CRC-64/NVME).
 *
 * The taps come from a search for collisions among the sums of two x^(8 k) modulo the generator (a birthday search; for 64
 * bits over four lists, after Wagner, "A Generalized Birthday Problem", 2002). Chosen by measuring among the results:
 * few taps make long inputs fast, a small D makes short ones fast, and the first tap must not be small, or vectors are
 * read back while they are still on their way to memory. CRC-32C's generator is divisible by x + 1, so its multiples have an
 * even number of terms. The multiple for crc32 is also in Russell's paper (see `crc-fold-module.ts`). A test divides all of them.
 */
export const CRC_PARAMETERS: Readonly<Record<CrcAlgorithm, CrcParameters>> = {
  crc32: { bits: 32, reflected: 'edb88320', taps: [145, 183, 211, 300], check: 'cbf43926' },
  crc32c: { bits: 32, reflected: '82f63b78', taps: [260, 261, 266, 379, 437], check: 'e3069283' },
  crc64nvme: {
    bits: 64,
    reflected: '9a6c9329ac4bc9b5',
    taps: [280, 979, 1172, 1598, 1607, 1645, 1740],
    check: 'ae8b14860a799888',
  },
}
