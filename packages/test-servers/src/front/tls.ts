import { type AddressInfo, connect, type Socket } from 'node:net'
import { createServer } from 'node:tls'
import { BackupError } from '@backproof/core/errors'
import { makeCertificate } from './certificate.js'

/** TLS before a server that speaks HTTP only, for clients that send tokens and keys over TLS only. */
export interface TlsFront extends AsyncDisposable {
  /** That of the target with `https` and the front's port. */
  readonly url: string
  /** The certificate in PEM, which clients have to trust as an authority (`tlsOptions: { ca }` of SDKs for Node). */
  readonly ca: string
  /** Breaks all connections of clients. The server behind it stays. */
  close(): Promise<void>
}

/** Starts one on 127.0.0.1 before `target`, a URL. @throws BackupError `unavailable` when it cannot listen. */
export const startTlsFront = async (target: string): Promise<TlsFront> => {
  const behind = new URL(target)
  const { certificate, key } = makeCertificate()
  const open = new Set<Socket>()
  const server = createServer({ cert: certificate, key }, (client) => {
    const upstream = connect(Number(behind.port), behind.hostname)
    for (const socket of [client, upstream]) {
      open.add(socket)
      const other = socket === client ? upstream : client
      // An end of one side, good or bad, is the end of the other.
      socket.on('error', () => other.destroy())
      socket.once('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
    client.pipe(upstream).pipe(client)
  })
  // A client that does not trust the certificate breaks off: its own business.
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const message = 'The TLS front cannot listen on 127.0.0.1.'
      reject(new BackupError({ code: 'unavailable', message, provider: 'test-servers', operation: 'listen', cause }))
    })
    server.listen(0, '127.0.0.1', resolve)
  })
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of open) socket.destroy()
    await closed
  }
  const path = behind.pathname === '/' ? '' : behind.pathname
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    ca: certificate,
    close,
    [Symbol.asyncDispose]: close,
  }
}
