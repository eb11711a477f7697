import { execFile, spawnSync } from 'node:child_process'
import type { Rgw } from '@backproof/test-servers'

export const hasRclone: boolean = spawnSync('rclone', ['version']).status === 0

/** What `rclone check` says of each path, in our words; `unknown` where it could not compare contents and took the size for enough. */
export type RcloneOutcome = 'match' | 'mismatch' | 'missing' | 'extra' | 'error' | 'unknown'

/** `--combined` of rclone: "How to interpret the output", https://rclone.org/commands/rclone_check/ */
const SIGNS: Readonly<Record<string, RcloneOutcome>> = {
  '=': 'match',
  '*': 'mismatch',
  '+': 'missing',
  '-': 'extra',
  '!': 'error',
}

/** Runs rclone; the remote `rgw:` is the gateway, or another server of S3. Resolves whatever the exit code is, if it is one of these. */
export const rclone = (
  { url, credentials, region }: Pick<Rgw, 'url' | 'credentials' | 'region'>,
  args: readonly string[],
  codes: readonly number[] = [0],
): Promise<{ readonly stdout: string; readonly stderr: string }> =>
  new Promise((resolve, reject) => {
    const { AWS_CA_BUNDLE: _, ...inherited } = process.env
    const env = {
      ...inherited,
      RCLONE_CONFIG_RGW_TYPE: 's3',
      RCLONE_CONFIG_RGW_PROVIDER: 'Ceph',
      RCLONE_CONFIG_RGW_ENDPOINT: url,
      RCLONE_CONFIG_RGW_REGION: region,
      RCLONE_CONFIG_RGW_ACCESS_KEY_ID: credentials.accessKeyId,
      RCLONE_CONFIG_RGW_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    }
    const options = { env, maxBuffer: 64 * 1024 * 1024 }
    execFile(
      'rclone',
      ['--config=', '--retries=1', '--low-level-retries=2', ...args],
      options,
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
        if (codes.includes(code)) resolve({ stdout, stderr })
        else reject(new Error(`rclone ${args[0]} ended with ${code}: ${stderr.slice(-2_000)}`))
      },
    )
  })

/** `rclone check` of a directory against a bucket: by hashes that are stored, or with `download` by reading both. */
export const rcloneCheck = async (
  rgw: Rgw,
  directory: string,
  bucket: string,
  download: boolean,
): Promise<ReadonlyMap<string, RcloneOutcome>> => {
  const flags = ['--combined=-', '--no-unicode-normalization', '--use-json-log', '-vv', '--checkers=16']
  const args = ['check', directory, `rgw:${bucket}`, ...flags, ...(download ? ['--download'] : [])]
  // 1: there are differences.
  const { stdout, stderr } = await rclone(rgw, args, [0, 1])
  const found = new Map<string, RcloneOutcome>()
  for (const line of stdout.split('\n').filter((text) => text !== '')) {
    const outcome = SIGNS[line[0]!]
    if (outcome === undefined || line[1] !== ' ') throw new Error(`rclone wrote a line that is not known: ${line}`)
    found.set(line.slice(2), outcome)
  }
  // It calls what it could not compare equal, and says so in its log only.
  for (const line of stderr.split('\n').filter((text) => text.startsWith('{'))) {
    const { msg, object } = JSON.parse(line) as { readonly msg: string; readonly object?: string }
    if (/could not check hash/.test(msg) && object !== undefined) found.set(object, 'unknown')
  }
  return found
}
