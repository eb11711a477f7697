import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import type { Socket } from 'node:net'
import { isAbsent, type PlatformSecrets } from './platform.js'

/** Everything that this process sent over HTTP, as Node itself tells it. */
export interface Traffic extends Disposable {
  /** Sockets that this process opened as a client and that are still open. */
  open(): number
  /** Signatures that requests carried. */
  readonly signatures: ReadonlySet<string>
}

/** Watches from now on until it is disposed of. */
export const watchTraffic = (where: PlatformSecrets['signatures']): Traffic => {
  const sockets = new Set<Socket>()
  const signatures = new Set<string>()
  const onSocket = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket }
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }
  const onRequest = (message: unknown): void => {
    const { request } = message as { readonly request: ClientRequest }
    if (!isAbsent(where)) for (const signature of where.of(request)) signatures.add(signature)
  }
  subscribe('net.client.socket', onSocket)
  subscribe('http.client.request.start', onRequest)
  return {
    open: () => sockets.size,
    signatures,
    [Symbol.dispose]: () => {
      unsubscribe('net.client.socket', onSocket)
      unsubscribe('http.client.request.start', onRequest)
    },
  }
}
