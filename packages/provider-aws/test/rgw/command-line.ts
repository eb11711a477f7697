import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { RgwCredentials } from '@backproof/test-servers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bytesOf, directoryOf, evenSizes, MIB, makeBucket, type Place, put, putParts } from './place.js'
import type { Snapshots } from './snapshot.js'

export const COMMAND = 'command'

/** The built command: what users run. */
const BIN = fileURLToPath(new URL('../../../cli/dist/bin.js', import.meta.url))

const files = new Map([
  ['parts', bytesOf(20 * MIB, 1)],
  ['small', bytesOf(1_000, 2)],
])

interface Ended {
  readonly code: number | null
  /** Standard output and standard error. */
  readonly text: string
}

export const commandLine = (place: () => Place, snapshots: Snapshots): void => {
  describe('the command backproof', () => {
    let directory: Awaited<ReturnType<typeof directoryOf>>
    const uri = (folder: string): string => `s3://${COMMAND}/${folder}/`

    /** Runs it with credentials, endpoint and region as the SDK finds them. No secret may be in what it writes. */
    const backproof = async (
      args: readonly string[],
      credentials: RgwCredentials = place().rgw.credentials,
    ): Promise<Ended> => {
      const { url, region } = place().rgw
      const { accessKeyId, secretAccessKey } = credentials
      const env = {
        ...process.env,
        AWS_ENDPOINT_URL_S3: url,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      }
      const child = spawn(process.execPath, [BIN, ...args, '--with', 'profile=ceph'], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let text = ''
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      const code = await new Promise<number | null>((resolve, reject) =>
        child.once('error', reject).once('close', resolve),
      )
      expect(text).not.toContain(secretAccessKey)
      expect(text).not.toMatch(/X-Amz-Signature|Signature=/i)
      return { code, text }
    }

    beforeAll(async () => {
      if (!existsSync(BIN)) throw new Error('packages/cli/dist/bin.js is missing: run `npm run build`.')
      const here = place()
      await makeBucket(here, COMMAND)
      for (const folder of ['intact', 'rotten', 'lost']) {
        for (const [key, body] of files) {
          if (key === 'small') await put(here, COMMAND, `${folder}/${key}`, body)
          else await putParts(here, COMMAND, `${folder}/${key}`, body, evenSizes(body.length, 8 * MIB))
        }
      }
      await here.rgw.rot(COMMAND, 'rotten/small', 999)
      await here.rgw.dropTail(COMMAND, 'lost/parts')
      directory = await directoryOf(files)
      await snapshots.take(COMMAND)
    }, 180_000)
    afterAll(() => directory?.[Symbol.asyncDispose]())

    it('ends with 0 for a bucket that is proven, by digests and by reading', async () => {
      for (const grade of ['stored', 'read']) {
        const { code, text } = await backproof(['compare', directory.path, uri('intact'), '--require', grade])
        expect(code, text).toBe(0)
        expect(text).toContain('Proven: all 2 objects')
      }
      const { code, text } = await backproof(['verify', uri('intact')])
      expect(code, text).toBe(0)
    })

    it('ends with 1 for a rotten byte, and with 0 and a warning where it was not to be read', async () => {
      const stored = await backproof(['compare', directory.path, uri('rotten')])
      expect(stored.code, stored.text).toBe(0)
      expect(stored.text).toMatch(/nothing of s3:\/\/command\/rotten\/? was read: require `read`/)
      for (const args of [
        ['compare', directory.path, uri('rotten'), '--require', 'read'],
        ['verify', uri('rotten')],
      ]) {
        const { code, text } = await backproof(args)
        expect(code, text).toBe(1)
        expect(text).toMatch(/NOT proven: 1 of 2 objects differs: 1 mismatch/)
        expect(text).toContain('small')
      }
    })

    it('ends with 1 for a body that ends early', async () => {
      const commands = [
        ['compare', directory.path, uri('lost'), '--require', 'read'],
        ['verify', uri('lost')],
      ]
      // Side by side: each tries it as often as users' runs do, and waits each time until the gateway hangs up.
      for (const { code, text } of await Promise.all(commands.map((args) => backproof(args)))) {
        expect(code, text).toBe(1)
        expect(text).toMatch(/NOT proven: 1 of 2 objects is unreadable/)
        expect(text).toContain('parts')
      }
    })

    it('ends with 3 for who may not list, and prints the permission that is missing', async () => {
      const { other } = place().rgw
      for (const args of [
        ['compare', directory.path, uri('intact')],
        ['verify', uri('intact')],
        ['check', uri('intact')],
      ]) {
        const { code, text } = await backproof(args, other)
        expect(code, text).toBe(3)
        expect(text).toContain('s3:ListBucket')
      }
    })

    it('checks a bucket before a run', async () => {
      const { code, text } = await backproof(['check', uri('intact')])
      expect(code, text).toBe(0)
      expect(text).toContain('s3:GetObject')
    })
  })
}
