import { type S3Server, startS3Server } from '@backproof/test-servers'

/** An S3 server, and the environment by which the command finds it and nothing of this machine. */
export const s3Place = async (): Promise<{
  readonly server: S3Server
  readonly env: Readonly<Record<string, string>>
}> => {
  const server = await startS3Server()
  return {
    server,
    env: {
      AWS_ENDPOINT_URL_S3: server.url,
      AWS_REGION: server.region,
      AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_CONFIG_FILE: '/nowhere/config',
      AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
    },
  }
}
