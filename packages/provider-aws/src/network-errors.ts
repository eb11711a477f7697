import { escapeKey } from '@backproof/core/source'
import type { ErrorMeaning } from './error-table.js'
import type { Failure } from './errors.js'

const RESET: readonly string[] = ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'UND_ERR_SOCKET']
const UNREACHED: readonly string[] = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EHOSTDOWN']
const LATE: readonly string[] = ['ETIMEDOUT', 'ESOCKETTIMEDOUT', 'TimeoutError', 'EAI_AGAIN']
const TRUST =
  /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)|HOSTNAME_MISMATCH)/

/** By what Node tells of a connection that failed; `undefined` for what is none. */
export const meaningOfNetworkCode = (code: string, { place }: Failure): ErrorMeaning | undefined => {
  const host = place.host === undefined ? 'the service' : escapeKey(place.host)
  if (RESET.includes(code)) return { code: 'unavailable', message: `${host} broke off the connection.` }
  if (UNREACHED.includes(code)) {
    return { code: 'unavailable', message: `nobody answers at ${host}.`, fix: 'Check the endpoint and the network.' }
  }
  if (code === 'ENOTFOUND') {
    return { code: 'unavailable', message: `there is no host ${host}.`, fix: 'Check endpoint, bucket and region.' }
  }
  if (LATE.includes(code)) return { code: 'timeout', message: `${host} did not answer in time.` }
  if (TRUST.test(code)) {
    const fix = 'Name the authority that signed it in NODE_EXTRA_CA_CERTS.'
    return { code: 'unavailable', message: `the certificate of ${host} is not trusted.`, fix, retryable: false }
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('HPE_')) {
    const fix = 'Check whether it is http or https.'
    return {
      code: 'unavailable',
      message: `${host} does not speak the protocol of the endpoint.`,
      fix,
      retryable: false,
    }
  }
  return undefined
}
