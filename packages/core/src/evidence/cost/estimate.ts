/** How fast places are taken to be. Nobody measured yours: replace them by figures of your own. */
export interface Speeds {
  /** From a request to the first byte of its answer, from a place on the network. Default 0.03. */
  readonly requestSeconds: number
  /** Bytes a second from one place on the network, over all its connections. Default 100,000,000: a good line of 1 Gbit/s. */
  readonly networkBytesPerSecond: number
  /** Opening a file on a local disk. Default 0.0001. */
  readonly localOpenSeconds: number
  /** Bytes a second from a local disk, over all files. Default 500,000,000: a SATA SSD. */
  readonly localBytesPerSecond: number
}

export const SPEEDS: Speeds = Object.freeze({
  requestSeconds: 0.03,
  networkBytesPerSecond: 100_000_000,
  localOpenSeconds: 0.000_1,
  localBytesPerSecond: 500_000_000,
})

/** What is done at one place. */
export interface Work {
  /** Of all kinds; of local files, how many are opened. */
  readonly requests: number
  readonly bytes: number
  /** Requests at the same time; of local files, worker threads. At least 1. */
  readonly concurrency: number
  /** Whether the place is a disk of this machine. Default false. */
  readonly local?: boolean | undefined
}

/**
 * An estimate of the seconds that this takes, which is right within a factor of a few at best. Waits overlap as far as
 * `concurrency` goes, and bytes share one line:
 *
 *     max(transfer, waiting / concurrency + transfer / concurrency)
 *
 * where `waiting` is that of all requests one after the other, and `transfer` that of all bytes. Places work at the same time:
 * of several, the slowest decides.
 */
export const secondsOf = ({ requests, bytes, concurrency, local = false }: Work, speeds: Speeds = SPEEDS): number => {
  const waiting = requests * (local ? speeds.localOpenSeconds : speeds.requestSeconds)
  const transfer = bytes / (local ? speeds.localBytesPerSecond : speeds.networkBytesPerSecond)
  return Math.max(transfer, (waiting + transfer) / Math.max(1, concurrency))
}
