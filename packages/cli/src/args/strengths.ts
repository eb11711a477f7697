import type { Strength } from '@backproof/core/digest'

/** Kinds of digests, the strongest first. */
export const STRENGTHS: readonly Strength[] = ['cryptographic', 'legacy', 'error-detecting']
