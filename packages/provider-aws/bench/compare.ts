/**
 * How fast a directory and a bucket are compared, against rclone doing the same on the same server (Ceph RGW, started here).
 * Run from the repository's root after a build; needs the Debian packages of Ceph and rclone:
 *
 *     npx tsx --conditions=backproof-source packages/provider-aws/bench/compare.ts [objects] [rounds]
 *
 * Puts that many objects of 4 KiB (default 5,000), four of 64 MiB in one part and two in parts of 8 MiB into a bucket. Every
 * contestant is a whole process, run by turns; the table shows medians, and the ratio to rclone's.
 */
import { spawnSync } from 'node:child_process'
import { createCipheriv } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rgwMissing, startRgw } from '@backproof/test-servers'

const BIN = fileURLToPath(new URL('../../cli/dist/bin.js', import.meta.url))
const MIB = 1024 * 1024

const makeTree = (root: string, count: number): void => {
  // Bytes that look random, and are the same in every run.
  const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16))
  const fill = (bytes: number): Buffer => noise.update(Buffer.alloc(bytes))
  for (let i = 0; i < count; i++) {
    const folder = join(root, String(i % 100).padStart(2, '0'))
    if (i < 100) mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `object-${i}`), fill(4_096))
  }
  for (let i = 0; i < 4; i++) writeFileSync(join(root, `large-${i}`), fill(64 * MIB))
  for (let i = 0; i < 2; i++) writeFileSync(join(root, `parts-${i}`), fill(64 * MIB))
}

const seconds = (command: string, args: readonly string[], env: NodeJS.ProcessEnv): number => {
  const started = performance.now()
  const { status, stderr } = spawnSync(command, args, { env, encoding: 'utf8', maxBuffer: 64 * MIB })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr.slice(-2_000)}`)
  return (performance.now() - started) / 1000
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const main = async (count: number, rounds: number): Promise<void> => {
  const missing = rgwMissing()
  if (missing !== undefined) throw new Error(`Install these Debian packages first: ${missing}`)
  const root = mkdtempSync(join(tmpdir(), 'backproof-bench-'))
  await using rgw = await startRgw()
  try {
    const tree = join(root, 'tree')
    mkdirSync(tree)
    makeTree(tree, count)
    const { AWS_CA_BUNDLE: _, ...inherited } = process.env
    const env = {
      ...inherited,
      NODE_NO_WARNINGS: '1',
      AWS_ENDPOINT_URL_S3: rgw.url,
      AWS_REGION: rgw.region,
      AWS_ACCESS_KEY_ID: rgw.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: rgw.credentials.secretAccessKey,
      RCLONE_CONFIG: join(root, 'rclone.conf'),
      RCLONE_CONFIG_R_TYPE: 's3',
      RCLONE_CONFIG_R_PROVIDER: 'Ceph',
      RCLONE_CONFIG_R_ENV_AUTH: 'true',
      RCLONE_CONFIG_R_ENDPOINT: rgw.url,
    }
    const rclone = (...args: string[]): number => seconds('rclone', ['--log-level', 'ERROR', ...args], env)
    const ours = (...args: string[]): number =>
      seconds(process.execPath, [BIN, ...args, '--quiet', '--with', 'profile=ceph'], env)
    rclone('mkdir', 'r:bench')
    rclone('copy', tree, 'r:bench', '--transfers', '16', '--s3-upload-cutoff', '5G', '--exclude', 'parts-*')
    rclone('copy', tree, 'r:bench', '--s3-upload-cutoff', '0', '--s3-chunk-size', '8M', '--include', 'parts-*')
    const contestants: readonly (readonly [task: string, peer: () => number, own: () => number])[] = [
      [
        'stored digests',
        () => rclone('check', tree, 'r:bench', '--checkers', '16'),
        () => ours('compare', tree, 's3://bench'),
      ],
      [
        'every byte',
        () => rclone('check', tree, 'r:bench', '--download', '--checkers', '16'),
        () => ours('compare', tree, 's3://bench', '--require', 'read'),
      ],
      // rclone has no verification by stored digests: the nearest is to hash what it downloads.
      [
        'the bucket alone',
        () => rclone('hashsum', 'MD5', 'r:bench', '--download', '--checkers', '16'),
        () => ours('verify', 's3://bench'),
      ],
    ]
    const rows: Record<string, object> = {}
    for (const [task, peer, own] of contestants) {
      const [theirs, mine]: [number[], number[]] = [[], []]
      for (let round = 0; round < rounds; round++) {
        theirs.push(peer())
        mine.push(own())
      }
      const [a, b] = [median(theirs), median(mine)]
      rows[task] = {
        'rclone, s': a.toFixed(2),
        'backproof, s': b.toFixed(2),
        'times as fast': (a / b).toFixed(2),
      }
    }
    console.table(rows)
  } finally {
    rmSync(root, { recursive: true })
  }
}

const [objects = '5000', rounds = '3'] = process.argv.slice(2)
await main(Number(objects), Number(rounds))
