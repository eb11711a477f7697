import { type MessagePort, parentPort } from 'node:worker_threads'
import { toBackupError } from '../errors.js'
import { createHasherCache } from './local-hashers.js'
import { createLocalKernel } from './local-kernel.js'
import {
  decodeJobs,
  encodeResults,
  type FromWorker,
  type ToWorker,
  WIRE_PROTOCOL,
  type WireBatch,
} from './local-wire.js'

/**
 * The entry of a worker thread that reads local files: `@backproof/core/hash-worker`. Give it to `new Worker(...)`, or
 * import it from a worker of your own. In a main thread it does nothing.
 *
 * It says `ready` with its protocol, gets `start` with the flag that cancels, and then works on one batch after the other.
 */

/** Milliseconds between two words about bytes read, so that a large file shows in the progress. */
const TELL_EVERY = 100

const serve = (port: MessagePort): void => {
  const say = (message: FromWorker): void => port.postMessage(message)
  const hashers = createHasherCache()
  const kernel = createLocalKernel(hashers)
  let cancel: Int32Array | undefined

  const work = async (id: number, batch: WireBatch): Promise<void> => {
    const jobs = decodeJobs(batch)
    await hashers.prepare(jobs)
    let bytes = 0
    let told = performance.now()
    const reading = kernel.read(jobs)
    let step = reading.next()
    while (step.done !== true) {
      bytes += step.value
      if (cancel !== undefined && Atomics.load(cancel, 0) !== 0) {
        reading.return([])
        return
      }
      if (performance.now() - told >= TELL_EVERY) {
        say({ type: 'bytes', bytes })
        bytes = 0
        told = performance.now()
      }
      step = reading.next()
    }
    say({ type: 'done', id, bytes, results: encodeResults(jobs, step.value) })
  }

  let queue = Promise.resolve()
  port.on('message', (message: ToWorker) => {
    if (message.type === 'start') {
      cancel = message.cancel
      return
    }
    const { id, batch } = message
    queue = queue
      .then(() => work(id, batch))
      .catch((error: unknown) => say({ type: 'failed', id, error: toBackupError(error).toJSON() }))
  })
  say({ type: 'ready', protocol: WIRE_PROTOCOL })
}

if (parentPort !== null) serve(parentPort)
