import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** A server that is no object store. */
export interface OtherServer extends AsyncDisposable {
  readonly url: string
}

/** Starts one on 127.0.0.1 that does this with each connection. */
export const serverThat = async (greet: (socket: Socket) => void): Promise<OtherServer> => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    // Clients may leave as they like.
    socket.on('error', () => socket.destroy())
    greet(socket)
  })
  const port = await portOf(server)
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Where nobody listens any more. */
export const closedUrl = async (): Promise<string> => {
  const server = createServer()
  const port = await portOf(server)
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

const portOf = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
