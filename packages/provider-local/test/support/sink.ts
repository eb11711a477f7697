import { Writable } from 'node:stream'

/** A stream that keeps what it is given. */
export const collectingSink = (): { readonly sink: Writable; readonly text: () => string } => {
  const chunks: Buffer[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk))
      done()
    },
  })
  return { sink, text: () => Buffer.concat(chunks).toString('utf8') }
}
