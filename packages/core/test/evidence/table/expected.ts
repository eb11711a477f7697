import type { Required } from './cells.js'

/** Source, replica, and how they are proven in words. */
type Expected = readonly [source: string, replica: string, how: string]

/**
 * Cells that were worked out by hand, from what the platforms store (the table "Comparable without reading" and the facts about
 * each) and from the order of proofs: a digest that both keep, one derived from parts, reading the cheaper side, reading both.
 */
export const EXPECTED: Readonly<Record<Required, readonly Expected[]>> = {
  stored: [
    // An ETag of one upload is the MD5 where it is equal to one: the listings tell enough.
    ['S3 default (CRC64NVME)', 'S3 default (CRC64NVME)', 'md5 = stored'],
    ['S3 default (CRC64NVME)', 'S3 SHA-256', 'md5 = stored'],
    ['S3 default (CRC64NVME)', 'GCS', 'md5 = stored'],
    ['GCS', 'S3 default (CRC64NVME)', 'md5 = stored'],
    ['S3 CRC32C', 'GCS', 'md5 = stored'],
    ['S3 GLACIER', 'GCS', 'md5 = stored'],
    ['GCS', 'GCS', 'md5 = stored'],
    ['S3 default (CRC64NVME)', 'manifest MD5', 'md5 = stored'],
    ['S3 default (CRC64NVME)', 'GCS inventory', 'md5 = stored'],
    // Composed objects have no MD5; CRC32C is on both sides.
    ['GCS', 'GCS composed', 'crc32c = stored'],
    ['GCS composed', 'GCS composed', 'crc32c = stored'],
    ['GCS composed', 'GCS inventory', 'crc32c = stored'],
    ['GCS composed', 'S3 CRC32C', 'crc32c, asked 0/1 = stored'],
    // Under SSE-KMS the ETag is none of the bytes; the checksums are.
    ['S3 SSE-KMS', 'S3 default (CRC64NVME)', 'crc64nvme, asked 1/1 = stored'],
    ['S3 SSE-KMS', 'S3 SSE-KMS', 'md5 = stored'],
    ['S3 SSE-KMS', 'S3 parts, FULL_OBJECT CRC64NVME, SSE-KMS', 'crc64nvme, asked 1/1 = stored'],
    // Parts: the same ETag of as many parts is made of the same digests.
    ['S3 parts, ETag only', 'S3 parts, ETag only', 'md5 of parts = stored'],
    ['S3 parts, ETag only', 'S3 parts, COMPOSITE SHA-256', 'md5 of parts = stored'],
    ['S3 parts, FULL_OBJECT CRC32C', 'GCS', 'crc32c, asked 1/0 = stored'],
    ['S3 parts, FULL_OBJECT CRC32C, SSE-KMS', 'GCS composed', 'crc32c, asked 1/0 = stored'],
    ['S3 parts, FULL_OBJECT CRC32', 'S3 CRC32', 'crc32, asked 1/1 = stored'],
    ['S3 parts, FULL_OBJECT CRC64NVME', 'S3 default (CRC64NVME)', 'crc64nvme, asked 1/1 = stored'],
    // Derived from the CRCs of parts, also of what is archived and of what is encrypted.
    ['S3 parts, COMPOSITE CRC32C', 'GCS', 'crc32c from parts, asked 1/0 = stored'],
    ['GCS', 'S3 parts, COMPOSITE CRC32C', 'crc32c from parts, asked 0/1 = stored'],
    ['S3 parts, COMPOSITE CRC32C, SSE-KMS', 'GCS composed', 'crc32c from parts, asked 1/0 = stored'],
    ['S3 parts, COMPOSITE CRC32C, GLACIER', 'GCS composed', 'crc32c from parts, asked 1/0 = stored'],
    ['S3 parts, COMPOSITE CRC32C', 'GCS inventory', 'crc32c from parts, asked 1/0 = stored'],
    ['S3 parts, COMPOSITE CRC32C', 'S3 CRC32C', 'crc32c from parts, asked 1/1 = stored'],
    ['S3 parts, COMPOSITE CRC32C', 'S3 parts, FULL_OBJECT CRC32C', 'md5 of parts = stored'],
    ['S3 parts, COMPOSITE CRC32C', 'S3 parts, FULL_OBJECT CRC32C, SSE-KMS', 'crc32c from parts, asked 1/1 = stored'],
    ['S3 parts, COMPOSITE CRC32', 'S3 CRC32', 'crc32 from parts, asked 1/1 = stored'],
    ['S3 parts, COMPOSITE CRC32, SSE-KMS', 'S3 parts, COMPOSITE CRC32', 'crc32 of parts, asked 1/1 = stored'],
    ['S3 parts, COMPOSITE SHA-256, SSE-KMS', 'S3 parts, COMPOSITE SHA-256', 'sha256 of parts, asked 1/1 = stored'],
    // Against a disk: the disk alone is read, over the parts of the other side.
    ['local', 'S3 default (CRC64NVME)', 'read source for md5 = stored'],
    ['S3 default (CRC64NVME)', 'local', 'read replica for md5 = stored'],
    ['local', 'S3 parts, ETag only', 'read source for md5 of parts = stored'],
    ['local', 'S3 GLACIER', 'read source for md5 = stored'],
    ['local', 'S3 parts, COMPOSITE CRC32C, GLACIER', 'read source for md5 of parts = stored'],
    ['local', 'GCS', 'read source for md5 = stored'],
    ['local', 'GCS composed', 'read source for crc32c = stored'],
    ['local', 'GCS inventory', 'read source for md5 = stored'],
    ['local', 'local', 'read both = read'],
    ['local', 'manifest SHA-256', 'read source for sha256 = read'],
    ['manifest MD5', 'local', 'read replica for md5 = read'],
    // Azure claims, so a claim is not enough: its side is read for what the other stores.
    ['Azure, MD5', 'GCS', 'read source for md5 = stored'],
    ['Azure, no digest', 'GCS', 'read source for md5 = stored'],
    ['GCS', 'Azure, no digest', 'read replica for md5 = stored'],
    ['Azure, no digest', 'GCS composed', 'read source for crc32c = stored'],
    ['Azure, no digest', 'S3 default (CRC64NVME)', 'read source for md5 = stored'],
    ['Azure, CRC64', 'S3 GLACIER', 'read source for md5 = stored'],
    ['Azure, MD5', 'Azure, MD5', 'read both = read'],
    ['Azure, no digest', 'Azure, no digest', 'read both = read'],
    ['Azure, MD5', 'local', 'read both = read'],
    ['Azure, no digest', 'manifest SHA-256', 'read source for sha256 = read'],
    // No algorithm in common: one side is read.
    ['S3 default (CRC64NVME)', 'GCS composed', 'read source for crc32c = stored'],
    ['GCS', 'manifest SHA-256', 'read source for sha256 = read'],
    // An upload in parts has an MD5 over those of its parts, so that asking would tell none of the whole.
    ['S3 parts, COMPOSITE CRC32', 'GCS', 'read source for md5 = stored'],
    ['manifest MD5', 'S3 parts, COMPOSITE SHA-256', 'read replica for md5 = read'],
    ['S3 SHA-256', 'manifest SHA-256', 'sha256, asked 1/0 = stored'],
    ['S3 GLACIER', 'manifest SHA-256', 'none: no-common-digest'],
    // An archive was read from end to end before anything was joined.
    ['archive', 'GCS', 'md5 of the archive = stored'],
    ['GCS composed', 'archive', 'crc32c of the archive = stored'],
    ['archive', 'S3 default (CRC64NVME)', 'md5 of the archive = stored'],
    ['archive', 'S3 SSE-KMS', 'crc64nvme of the archive, asked 0/1 = stored'],
    ['archive', 'local', 'read replica for xxh3-128 = read'],
    ['archive', 'archive', 'xxh3-128 of the archive = read'],
    ['manifest MD5', 'archive', 'md5 of the archive = read'],
    ['archive', 'Azure, no digest', 'read replica for md5 = read'],
    // Two lists, and what is only claimed.
    ['manifest MD5', 'GCS inventory', 'md5 = stored'],
    ['manifest SHA-256', 'manifest SHA-256', 'sha256 = stored'],
    ['manifest SHA-256', 'GCS inventory', 'none: no-common-digest'],
    ['manifest SHA-256', 'manifest MD5', 'none: no-common-digest'],
    ['GCS', 'list, MD5 claimed', 'none: below-required-grade'],
    ['local', 'list, MD5 claimed', 'none: below-required-grade'],
  ],
  claimed: [
    ['Azure, MD5', 'GCS', 'md5 = claimed'],
    ['GCS', 'Azure, MD5', 'md5 = claimed'],
    ['Azure, MD5', 'S3 default (CRC64NVME)', 'md5 = claimed'],
    ['Azure, MD5', 'Azure, MD5', 'md5 = claimed'],
    ['Azure, MD5, CRC64', 'Azure, CRC64', 'crc64nvme = claimed'],
    ['Azure, CRC64', 'S3 SSE-KMS', 'crc64nvme, asked 0/1 = claimed'],
    ['S3 SSE-KMS', 'Azure, CRC64', 'crc64nvme, asked 1/0 = claimed'],
    ['Azure, no digest', 'Azure, no digest', 'read both = read'],
    ['Azure, CRC64', 'S3 parts, FULL_OBJECT CRC64NVME', 'crc64nvme, asked 0/1 = claimed'],
    ['local', 'Azure, CRC64', 'read source for crc64nvme = claimed'],
    ['local', 'Azure, MD5', 'read source for md5 = claimed'],
    ['local', 'list, MD5 claimed', 'read source for md5 = claimed'],
    ['GCS', 'list, MD5 claimed', 'md5 = claimed'],
    // What is stored counts before what is claimed.
    ['GCS', 'GCS', 'md5 = stored'],
    ['local', 'GCS', 'read source for md5 = stored'],
  ],
  read: [
    ['GCS', 'GCS', 'read both = read'],
    ['S3 parts, COMPOSITE CRC32C', 'GCS', 'read both = read'],
    ['local', 'GCS', 'read both = read'],
    ['local', 'Azure, MD5', 'read both = read'],
    ['local', 'local', 'read both = read'],
    ['manifest SHA-256', 'local', 'read replica for sha256 = read'],
    ['GCS', 'manifest MD5', 'read source for md5 = read'],
    ['archive', 'GCS', 'read replica for md5 = read'],
    ['archive', 'archive', 'xxh3-128 of the archive = read'],
    ['local', 'S3 GLACIER', 'none: below-required-grade'],
    ['GCS', 'GCS inventory', 'none: below-required-grade'],
    ['manifest SHA-256', 'manifest SHA-256', 'none: below-required-grade'],
    ['local', 'list, MD5 claimed', 'none: below-required-grade'],
  ],
}
