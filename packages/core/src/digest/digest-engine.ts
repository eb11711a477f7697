/** Computes one digest. Synchronous; one stream at a time, any number one after the other. */
export interface DigestEngine {
  update(chunk: Uint8Array): void
  /** Lowercase hexadecimal. Call once, then `reset`. */
  digest(): string
  /** Ready for the next stream, whatever was before. */
  reset(): void
}
