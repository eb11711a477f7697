import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { like } from '../http/wildcard.js'
import type { JsonObject } from './json.js'

/** What a user may do. */
export interface Grant {
  /** For example `storage.objects.get`, `storage.objects.*`. `*` and `?` are wildcards. */
  readonly permissions: readonly string[]
  /**
   * Names of buckets and, for objects, `<bucket>/<name>`; wildcards as above. Default: everything (`*`). Listing a bucket
   * is a matter of the bucket.
   */
  readonly resources?: readonly string[] | undefined
}

export interface UserOptions {
  /** Address of the service account, which messages name. Default: `user-N@test-project.iam.gserviceaccount.com`. */
  readonly email?: string | undefined
  /** Default: nothing. */
  readonly allow?: readonly Grant[] | undefined
  /** When its token expires, by the server's clock. Default: never. */
  readonly expiresAt?: Date | undefined
}

/** A service account and what it proves itself with. */
export interface GcsUser {
  readonly email: string
  /** A bearer token. */
  readonly token: string
  /**
   * A credential configuration of the type `external_account` whose token endpoint is this server. The SDK takes it as
   * `credentials`, and Application Default Credentials take it as a file.
   */
  readonly credentials: Readonly<Record<string, unknown>>
  /**
   * The content of a key file. Its `token_uri` is this server, which not every client honours: Google's library for Node.js
   * always asks oauth2.googleapis.com.
   */
  serviceAccountKey(): Readonly<Record<string, string>>
}

/** An account as the server knows it. */
export interface Account {
  readonly email: string
  readonly token: string
  /** What it proves itself with at the security token service. */
  readonly subjectToken: string
  /** May do all. */
  readonly owner: boolean
  readonly grants: readonly Grant[]
  readonly expiresAt: number | undefined
}

export const PROJECT = 'test-project'
export const PROJECT_NUMBER = '123456789012'

export const makeAccount = (options: UserOptions, number: number, owner: boolean): Account => ({
  email: options.email ?? `${owner ? 'owner' : `user-${number}`}@${PROJECT}.iam.gserviceaccount.com`,
  token: `ya29.c.${randomBytes(60).toString('base64url')}`,
  subjectToken: randomBytes(30).toString('base64url'),
  owner,
  grants: options.allow ?? [],
  expiresAt: options.expiresAt?.getTime(),
})

export const mayDo = (account: Account, permission: string, resource: string): boolean =>
  account.owner ||
  account.grants.some(
    ({ permissions, resources = ['*'] }) =>
      permissions.some((pattern) => like(pattern, permission)) && resources.some((pattern) => like(pattern, resource)),
  )

/** The key of all service accounts of one server; made on first use, since that takes a tenth of a second. */
export interface SigningKey {
  readonly id: string
  readonly publicKey: string
  readonly privateKey: string
}

export const makeSigningKey = (): SigningKey => {
  const encoding = { type: 'spki', format: 'pem' } as const
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: encoding,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return { id: randomBytes(20).toString('hex'), ...pair }
}

/** `account` in the forms that clients take. */
export const asUser = (account: Account, url: string, key: () => SigningKey): GcsUser => ({
  email: account.email,
  token: account.token,
  credentials: externalAccount(account, url),
  serviceAccountKey: () => {
    const { id, privateKey } = key()
    return {
      type: 'service_account',
      project_id: PROJECT,
      private_key_id: id,
      private_key: privateKey,
      client_email: account.email,
      client_id: PROJECT_NUMBER,
      token_uri: `${url}/token`,
    }
  },
})

const externalAccount = ({ subjectToken }: Account, url: string): JsonObject => ({
  type: 'external_account',
  audience: `//iam.googleapis.com/projects/${PROJECT_NUMBER}/locations/global/workloadIdentityPools/pool/providers/test`,
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  token_url: `${url}/v1/token`,
  credential_source: { url: `${url}/subject-token/${subjectToken}`, format: { type: 'text' } },
})
