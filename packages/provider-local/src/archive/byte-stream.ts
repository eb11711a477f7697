/** Bytes in order, taken in lengths of the reader's choice. Memory: one chunk, and what `take` was asked for. */
export interface ByteStream {
  /** Bytes given out so far. */
  readonly position: number
  /**
   * The next `length` bytes; fewer only at the end. Valid until the next call. Synchronous when the bytes are there:
   * most headers are, and an archive has very many.
   */
  take(length: number): Buffer | Promise<Buffer>
  /** The next bytes, at most `most`; none at the end. Valid until the next call. */
  piece(most: number): Buffer | Promise<Buffer>
  /** Passes over bytes; resolves to how many there were. */
  skip(length: number): number | Promise<number>
  close(): Promise<void>
}

const EMPTY: Buffer = Buffer.alloc(0)

export const byteStream = (chunks: AsyncIterable<Uint8Array>): ByteStream => {
  const iterator = chunks[Symbol.asyncIterator]()
  let chunk: Buffer = EMPTY
  let at = 0
  let position = 0
  let ended = false

  const fill = async (): Promise<boolean> => {
    while (at === chunk.length && !ended) {
      const { done, value } = await iterator.next()
      ended = done === true
      chunk = done === true ? EMPTY : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
      at = 0
    }
    return !ended
  }

  const cut = (most: number): Buffer => {
    const bytes = chunk.subarray(at, at + most)
    at += bytes.length
    position += bytes.length
    return bytes
  }

  const gather = async (length: number): Promise<Buffer> => {
    const pieces: Buffer[] = []
    let held = 0
    while (held < length && (await fill())) {
      // A copy: the chunk is gone with the next one.
      const bytes = Buffer.from(cut(length - held))
      pieces.push(bytes)
      held += bytes.length
    }
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
  }

  const pass = async (length: number): Promise<number> => {
    let passed = 0
    while (passed < length && (await fill())) passed += cut(length - passed).length
    return passed
  }

  return {
    get position() {
      return position
    },
    take: (length) => (chunk.length - at >= length ? cut(length) : gather(length)),
    piece: (most) => (at < chunk.length ? cut(most) : fill().then(() => cut(most))),
    skip: (length) => (chunk.length - at >= length ? cut(length).length : pass(length)),
    close: async () => {
      ended = true
      await iterator.return?.()
    },
  }
}
