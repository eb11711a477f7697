import type { EvidencePolicy, KeyFilter, Normalisation, Side } from '../compare/options.js'
import type { KnownAlgorithm } from '../digest/digest.js'
import type { MassChangeThresholds } from '../report/drift.js'
import type { RunOptions } from '../run/options.js'

/**
 * `require` here: `read` needs a digest of at least 128 bits that the service vouches for or that was recorded;
 * `stored` admits a service's CRC; `claimed` admits what a client claimed. Every object is read whatever it says, but those
 * whose size already differs from the baseline.
 */
export interface VerifyOptions extends RunOptions, KeyFilter, EvidencePolicy {
  /** What is read again. */
  readonly source: Side
  /** A recorded baseline, for example a manifest. Default: the digests that the source itself stores. */
  readonly against?: Side | undefined
  /** Default `exact`. */
  readonly normalise?: Normalisation | undefined
  /** As in a comparison: objects that the baseline does not name. Default `fail`. */
  readonly extras?: 'fail' | 'allow' | undefined
  /**
   * With a baseline: from which share of it on a change is a mass change (an alert of the result), as encrypting a tree
   * makes one. Default: 30 % of the objects or of the bytes, or 1 bit per byte more in changed objects, and at least 10
   * changed objects.
   */
  readonly massChange?: Partial<MassChangeThresholds> | undefined
  /**
   * Measures the entropy of sampled blocks of everything that is read, and puts it into the findings, so that a manifest
   * can record it. Default: of objects whose entropy the baseline recorded.
   */
  readonly entropy?: boolean | undefined
  /** Digests to compute in addition and to put into the findings. Default: none. */
  readonly record?: readonly KnownAlgorithm[] | undefined
}
