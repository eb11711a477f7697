import { randomBytes } from 'node:crypto'
import { ACCOUNT, type PolicyStatement, type Principal } from './policy.js'

/** In the shape that SDK clients take, so `sessionToken` is there or absent, never `undefined`. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface User extends Principal {
  readonly credentials: Credentials
  /** Milliseconds since 1970 after which the session token has expired. */
  readonly expiresAt?: number | undefined
}

export interface UserOptions {
  /** Name in the ARN and so in messages. Default: `user-N`. */
  readonly name?: string | undefined
  /** Statements of its policy, also such that deny. Default: none, so nothing is allowed. */
  readonly allow?: readonly PolicyStatement[] | undefined
  /** Temporary credentials with a session token: this one, or a made one for `true`. Default: none, or made with `expiresAt`. */
  readonly sessionToken?: string | true | undefined
  /** When temporary credentials expire, by the server's clock. Default: never. */
  readonly expiresAt?: Date | undefined
}

export const makeRoot = (): User => ({
  arn: `arn:aws:iam::${ACCOUNT}:root`,
  root: true,
  statements: [],
  credentials: makeCredentials('AKIA', undefined),
})

export const makeUser = (options: UserOptions, number: number): User => {
  const name = options.name ?? `user-${number}`
  const temporary = options.sessionToken !== undefined || options.expiresAt !== undefined
  const token = typeof options.sessionToken === 'string' ? options.sessionToken : makeToken()
  return {
    arn: temporary ? `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/session` : `arn:aws:iam::${ACCOUNT}:user/${name}`,
    root: false,
    statements: options.allow ?? [],
    credentials: makeCredentials(temporary ? 'ASIA' : 'AKIA', temporary ? token : undefined),
    ...(options.expiresAt !== undefined && { expiresAt: options.expiresAt.getTime() }),
  }
}

/** Whether a session of a directory bucket may only read. */
export type SessionMode = 'ReadOnly' | 'ReadWrite'

/**
 * Credentials of a session of `user` for a directory bucket, as CreateSession gives them. The session itself is the
 * permission for objects; KMS goes by the policy of the user.
 */
export const makeSession = (user: User, bucket: string, mode: SessionMode, expiresAt: number): User => ({
  ...user,
  root: false,
  statements: [
    ...user.statements.filter((statement) => statement.actions.some((action) => /^(?:kms:|\*)/.test(action))),
    ...(user.root ? [{ effect: 'Allow' as const, actions: ['kms:*'], resources: ['*'] }] : []),
    {
      effect: 'Allow',
      actions: mode === 'ReadOnly' ? ['s3:Get*', 's3:List*'] : ['s3:*'],
      resources: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
    },
  ],
  credentials: makeCredentials('ASIA', makeToken()),
  expiresAt,
})

const makeCredentials = (kind: string, sessionToken: string | undefined): Credentials => ({
  accessKeyId: kind + randomText(16).toUpperCase(),
  secretAccessKey: randomText(40),
  ...(sessionToken !== undefined && { sessionToken }),
})

const makeToken = (): string => `IQoJb3JpZ2lu${randomText(80)}`

const randomText = (length: number): string =>
  randomBytes(length).toString('base64').replace(/[+/=]/g, 'A').slice(0, length)
