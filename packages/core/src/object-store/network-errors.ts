import type { ErrorMeaning } from './error-meaning.js'

const RESET: readonly string[] = ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'UND_ERR_SOCKET']
const UNREACHED: readonly string[] = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EHOSTDOWN']
const LATE: readonly string[] = ['ETIMEDOUT', 'ESOCKETTIMEDOUT', 'TimeoutError', 'EAI_AGAIN']
const TRUST =
  /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)|HOSTNAME_MISMATCH)/

/**
 * What a connection that failed means, by the code that Node gives (`ECONNRESET`, `CERT_HAS_EXPIRED`); `undefined` for what
 * is no such code.
 *
 * @param host Where the request went, as it may stand in a message.
 * @param names What decides where requests go, to be checked when there is no such host: `endpoint, bucket and region`.
 */
export const meaningOfNetworkCode = (code: string, host: string, names: string): ErrorMeaning | undefined => {
  if (RESET.includes(code)) return { code: 'unavailable', message: `${host} broke off the connection.` }
  if (UNREACHED.includes(code)) {
    return { code: 'unavailable', message: `nobody answers at ${host}.`, fix: 'Check the endpoint and the network.' }
  }
  if (code === 'ENOTFOUND') {
    return { code: 'unavailable', message: `there is no host ${host}.`, fix: `Check ${names}.` }
  }
  if (LATE.includes(code)) return { code: 'timeout', message: `${host} did not answer in time.` }
  if (TRUST.test(code)) {
    const fix = 'Name the authority that signed it in NODE_EXTRA_CA_CERTS.'
    return { code: 'unavailable', message: `the certificate of ${host} is not trusted.`, fix, retryable: false }
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('HPE_')) {
    const message = `${host} does not speak the protocol of the endpoint.`
    return { code: 'unavailable', message, fix: 'Check whether it is http or https.', retryable: false }
  }
  return undefined
}
