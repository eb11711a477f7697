import { BackupError, type ErrorCode, isBackupError } from '../errors.js'
import { escapeKey, keyFromBytes } from '../source/key.js'

export interface ErrnoContext {
  /** What was being done, for example `read` or `list`. */
  readonly operation: string
  /** The path or key it was done to, unescaped. */
  readonly subject: string
  /** Default `local`. */
  readonly provider?: string | undefined
  /**
   * A regular file was listed here. What then only a replacement explains (ELOOP of `O_NOFOLLOW`, ENXIO of a socket,
   * EISDIR) is `changed`. Default false.
   */
  readonly pinned?: boolean | undefined
}

/**
 * The {@link BackupError} for an error of the file system. Decides by `code` (`ENOENT`), and by number for those that
 * libuv has no name for. What is already a `BackupError` is returned as it is; what is no system error is `internal`.
 */
export const errnoToBackupError = (error: unknown, context: ErrnoContext): BackupError => {
  if (isBackupError(error)) return error
  const given = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown; errno?: unknown }
  const name = errnoName(given.code, given.errno)
  const meaning = (context.pinned === true ? REPLACED[name] : undefined) ?? MEANINGS[name]
  const told = error instanceof Error ? error.message : String(error)
  return new BackupError({
    code: meaning?.code ?? 'internal',
    message: `cannot ${context.operation} ${escapeKey(context.subject)}: ${meaning?.message ?? `unexpected error: ${escapeKey(told)}`}${name === '' ? '' : ` (${name})`}`,
    ...(meaning?.retryable !== undefined && { retryable: meaning.retryable }),
    provider: context.provider ?? 'local',
    operation: context.operation,
    subject: context.subject,
    cause: error,
  })
}

/** A path of the kernel as text; bytes that are not UTF-8 as keys have them. */
export const pathText = (path: string | Uint8Array): string => (typeof path === 'string' ? path : keyFromBytes(path))

interface Meaning {
  readonly code: ErrorCode
  readonly message: string
  readonly retryable?: boolean | undefined
}

const errnoName = (code: unknown, errno: unknown): string => {
  if (typeof code === 'string' && MEANINGS[code] !== undefined) return code
  const named = process.platform === 'linux' && typeof errno === 'number' ? LINUX_NAMES[-errno] : undefined
  return named ?? (typeof code === 'string' ? code : '')
}

/** Numbers of Linux (asm-generic/errno.h) that libuv passes on without a name. */
const LINUX_NAMES: Readonly<Record<number, string>> = {
  61: 'ENODATA',
  67: 'ENOLINK',
  74: 'EBADMSG',
  84: 'EILSEQ',
  116: 'ESTALE',
  117: 'EUCLEAN',
  121: 'EREMOTEIO',
  122: 'EDQUOT',
  123: 'ENOMEDIUM',
  126: 'ENOKEY',
  127: 'EKEYEXPIRED',
  128: 'EKEYREVOKED',
  129: 'EKEYREJECTED',
}

const same = (names: readonly string[], meaning: Meaning): Record<string, Meaning> =>
  Object.fromEntries(names.map((name) => [name, meaning]))

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ...same(['ENOENT', 'ENOTDIR'], {
    code: 'not-found',
    message: 'it does not exist (any more); check the path, or run again if it was moved meanwhile',
  }),
  ...same(['EACCES', 'EPERM'], {
    code: 'access-denied',
    message: 'permission denied; run as a user who may read it, or change its permissions',
  }),
  ...same(['ENOKEY', 'EKEYEXPIRED', 'EKEYREVOKED', 'EKEYREJECTED'], {
    code: 'access-denied',
    message: 'it is encrypted and its key is not available; unlock the directory first',
  }),
  EROFS: { code: 'access-denied', message: 'the file system is mounted read-only' },
  // EILSEQ: dm-integrity; EUCLEAN and EBADMSG: metadata checksums of XFS, ext4, btrfs and f2fs.
  ...same(['EIO', 'EUCLEAN', 'EBADMSG', 'EILSEQ', 'EREMOTEIO'], {
    code: 'corrupt',
    message: 'the device or file system reports damage; look into the system log, and restore it from another copy',
  }),
  ESTALE: {
    code: 'changed',
    message: 'the server replaced or removed it while it was open; run again when nothing writes there',
  },
  ELOOP: { code: 'unsupported', message: 'its symbolic links form a loop; repair the link' },
  ENAMETOOLONG: {
    code: 'unsupported',
    message: 'the path is longer than this system can open; start from a directory nearer to it',
  },
  ...same(['EFBIG', 'EOVERFLOW'], { code: 'unsupported', message: 'the file is larger than this system allows' }),
  ...same(['ENXIO', 'ENODEV'], { code: 'unsupported', message: 'it is a socket or a device, which is never read' }),
  EISDIR: { code: 'unsupported', message: 'it is a directory, not a file' },
  ...same(['ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL'], {
    code: 'unsupported',
    message: 'the file system does not support this',
  }),
  ...same(['EMFILE', 'ENFILE'], {
    code: 'unavailable',
    message: 'too many files are open; raise the limit (ulimit -n) or use fewer workers',
  }),
  ...same(['EAGAIN', 'EBUSY', 'EINTR', 'ETXTBSY', 'EDEADLK', 'ENOLCK'], {
    code: 'unavailable',
    message: 'it is in use by another process; try again',
  }),
  ...same(['ENOMEM', 'ENOBUFS'], {
    code: 'unavailable',
    message: 'the system is out of memory; try again with less load',
  }),
  ...same(['ENOSPC', 'EDQUOT'], {
    code: 'unavailable',
    message: 'no space is left there; free some or use another directory',
    retryable: false,
  }),
  ETIMEDOUT: { code: 'timeout', message: 'the file server did not answer in time' },
  ...same(
    [
      'ECONNABORTED',
      'ECONNREFUSED',
      'ECONNRESET',
      'EHOSTDOWN',
      'EHOSTUNREACH',
      'ENETDOWN',
      'ENETUNREACH',
      'ENOLINK',
      'ENOMEDIUM',
      'ENOTCONN',
      'EPIPE',
      'ESHUTDOWN',
    ],
    { code: 'unavailable', message: 'the device or file server is not connected; check the mount' },
  ),
}

const REPLACED: Readonly<Record<string, Meaning>> = {
  ELOOP: {
    code: 'changed',
    message: 'a symbolic link took its place since it was listed; run again when nothing writes there',
  },
  ...same(['ENXIO', 'ENODEV'], {
    code: 'changed',
    message: 'a socket or device took its place since it was listed; run again when nothing writes there',
  }),
  EISDIR: {
    code: 'changed',
    message: 'a directory took its place since it was listed; run again when nothing writes there',
  },
}
