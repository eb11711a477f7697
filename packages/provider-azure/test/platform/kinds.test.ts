import { compare } from '@backproof/core/compare'
import type { BackupSource } from '@backproof/core/source'
import { verify } from '@backproof/core/verify'
import { beforeAll, describe, expect, it } from 'vitest'
import { withPlainTls } from '../support/plain-tls.js'
import { type Cells, type Kind, ON_AZURITE, ON_SERVER } from './kinds.js'
import { only, outcomeOf } from './outcome.js'
import { openAzurite, openServer, type Place } from './place.js'

const GRADES = ['claimed', 'stored', 'read'] as const

const eachOf = <PutOptions>(place: Place<PutOptions>, kinds: readonly Kind<PutOptions>[]): void => {
  describe.each(kinds)('$name', (kind) => {
    const { bytes, put, source: options } = kind
    let containers: readonly string[] = []
    beforeAll(async () => {
      containers = [await place.container({ k: [bytes, put] }), await place.container({ k: [bytes, put] })]
    })
    const open = (i: number): BackupSource => place.source(containers[i]!, options)

    const atEach = async (
      buckets: number,
      run: (require: keyof Cells) => ReturnType<typeof verify>,
    ): Promise<Cells> => {
      const cells = { claimed: '', stored: '', read: '' }
      for (const require of GRADES) cells[require] = only(await outcomeOf(place.requests, run(require)), buckets)
      return cells
    }

    it('against a directory', async () => {
      const source = await place.directory({ k: bytes })
      expect(await atEach(1, (require) => compare({ source, replicas: [open(0)], require }))).toEqual(kind.directory)
    })

    it('against another container', async () => {
      const cells = await atEach(2, (require) => compare({ source: open(0), replicas: [open(1)], require }))
      expect(cells).toEqual(kind.container)
    })

    it('a manifest against it', async () => {
      const source = await place.manifest({ k: bytes })
      expect(await atEach(1, (require) => compare({ source, replicas: [open(0)], require }))).toEqual(kind.manifest)
    })

    it('verified by what it stores', async () => {
      expect(await atEach(1, (require) => verify({ source: open(0), require }))).toEqual(kind.verify)
    })
  })
}

const azurite = await openAzurite()
const server = await openServer()

describe('on azurite', () => eachOf(azurite, ON_AZURITE))
describe('on the test server', () => {
  withPlainTls()
  const secure = { url: server.server.url.replace('http:', 'https:') }
  const overTls = ON_SERVER.map((kind) =>
    kind.source?.customerKey === undefined ? kind : { ...kind, source: { ...kind.source, ...secure } },
  )
  eachOf(server, overTls)
})
