import type { BackupSource, ObjectBody } from '../../../src/source/index.js'
import { scanOf } from '../../../src/testing/conformance/reading.js'
import { conformanceCaseNames } from '../../../src/testing/index.js'
import { closeOne, disposal, openOne } from './handles.js'
import { but, type Mutant } from './mutant.js'
import { sequential } from './sequential.js'

/** A mutant of the honest sequential source. */
const mutant = (name: string, caught: readonly string[], make: (honest: BackupSource) => BackupSource): Mutant => ({
  name,
  caught,
  traits: { access: 'sequential' },
  make: (memory) => make(sequential(memory)),
})

/** The source with its scan changed. */
const scanning = (
  name: string,
  caught: readonly string[],
  change: (scan: AsyncIterable<ObjectBody>, signal: AbortSignal | undefined) => AsyncIterable<ObjectBody>,
): Mutant =>
  mutant(name, caught, (honest) => but(honest, { scan: (options) => change(scanOf(honest, options), options?.signal) }))

/** The cases that scan. */
const SCANNING = conformanceCaseNames.filter(
  (name) => /^(?:scan|key|abort-scan)-/.test(name) || ['release-scan', 'dispose-during-scan'].includes(name),
)

export const scanningMutants: readonly Mutant[] = [
  scanning('loses the last entry of a long scan', ['scan-complete', 'scan-skipping'], async function* (scan) {
    let held: ObjectBody | undefined
    let count = 0
    for await (const opened of scan) {
      if (held !== undefined) yield held
      held = opened
      count += 1
    }
    if (held !== undefined && count < 30) yield held
  }),
  scanning('scans an entry of a long scan twice', ['scan-skipping', 'scan-unique'], async function* (scan) {
    let count = 0
    for await (const opened of scan) {
      yield opened
      if (++count === 20) yield opened
    }
  }),
  scanning('never stops scanning', ['scan-complete', 'scan-skipping', 'scan-unique'], async function* (scan) {
    let last: ObjectBody | undefined
    let count = 0
    for await (const opened of scan) {
      last = opened
      count += 1
      yield opened
    }
    while (count > 30 && last !== undefined) yield last
  }),
  scanning('scans bodies that just end', ['scan-bytes', 'scan-skipping'], async function* (scan) {
    for await (const opened of scan) {
      yield opened.info.size !== 65_537 ? opened : { ...opened, body: firstOf(opened.body) }
    }
  }),
  scanning('tells wrong sizes in a scan', ['scan-agrees', 'scan-bytes', 'scan-skipping'], async function* (scan) {
    for await (const opened of scan) yield { ...opened, info: { ...opened.info, size: (opened.info.size ?? 0) + 512 } }
  }),
  mutant('goes astray after a body that was not read', ['scan-agrees', 'scan-skipping'], (honest) =>
    but(honest, {
      scan: async function* (options) {
        let lost = false
        for await (const opened of scanOf(honest, options)) {
          if (lost) {
            lost = false
            continue
          }
          let read = false
          const body = async function* (): AsyncGenerator<Uint8Array> {
            yield* opened.body
            read = true
          }
          yield { ...opened, body: body() }
          lost = !read && opened.info.key.startsWith('sizes/')
        }
      },
    }),
  ),
  mutant('scans although it was aborted', ['abort-scan-before', 'abort-scan-body', 'abort-scan-during'], (honest) =>
    but(honest, { scan: () => scanOf(honest) }),
  ),
  mutant('looks at its signal between entries only', ['abort-scan-body'], (honest) =>
    but(honest, {
      scan: async function* (options) {
        const { signal } = options ?? {}
        for await (const opened of scanOf(honest)) {
          signal?.throwIfAborted()
          yield opened
        }
      },
    }),
  ),
  mutant('is sequential and has no scan', ['members-as-promised', ...SCANNING], ({ scan: _, ...rest }) => rest),
  mutant('scans nothing after it was disposed of', ['dispose-ends'], (honest) => {
    const { signal, dispose } = disposal(honest)
    return but(honest, {
      scan: async function* (options) {
        if (!signal.aborted) yield* scanOf(honest, options)
      },
      [Symbol.asyncDispose]: dispose,
    })
  }),
  mutant('just ends a scan when it is disposed of', ['dispose-during-scan'], (honest) => {
    const { signal, dispose } = disposal(honest)
    return but(honest, {
      scan: async function* (options) {
        for await (const opened of scanOf(honest, options)) {
          yield opened
          if (signal.aborted) return
        }
      },
      [Symbol.asyncDispose]: dispose,
    })
  }),
  scanning('forgets to close a scan that is left', ['release-scan'], async function* (scan) {
    const fd = openOne()
    yield* scan
    closeOne(fd)
  }),
  mutant('scans what it does not list', ['scan-agrees'], (honest) =>
    but(honest, {
      list: async function* (options) {
        for await (const page of honest.list(options)) {
          const left = page.filter(({ key }) => key !== 'sizes/of-1')
          if (left.length > 0) yield left
        }
      },
    }),
  ),
]

async function* firstOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    yield chunk
    return
  }
}
