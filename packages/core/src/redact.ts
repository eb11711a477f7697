/**
 * Removes what must never leave the process from text that other code wrote: signatures and tokens in URLs,
 * credentials in URLs and headers, access key ids, account keys in connection strings.
 *
 * It errs on the side of removing: the whole query of any URL goes, because signed URLs (S3 presigned, Azure SAS,
 * GCS signed) carry their secret there.
 */
export const redact = (text: string): string => {
  if (!HINTS.test(text)) return text
  let out = text
  for (const [, pattern, replacement] of PATTERNS) out = out.replace(pattern, replacement as string)
  return out
}

/** Where a word begins; also behind the `n` of a line feed that was escaped, as in JSON and in keys that are shown. */
const BEGIN = String.raw`(?:\b|(?<=\\[nrt]))`

const after = (pattern: RegExp): RegExp => new RegExp(BEGIN + pattern.source, pattern.flags)

/**
 * What to look for, and what a text must have, in any case, to match at all. Texts may be long and hostile: no pattern may look twice at
 * what may be long, so they begin at `://`, not at the scheme before it.
 */
const PATTERNS: readonly (readonly [hint: string, pattern: RegExp, replacement: string | ((url: string) => string)])[] =
  [
    // scheme://user:password@host
    ['://', /:\/\/[^\s/?#@'"]+@/g, '://[redacted]@'],
    // the query of any URL; a question mark behind one is none
    ['://', /:\/\/[^\s#'"<>]+/g, (url) => url.replace(/\?[\s\S]+/, '?[redacted]')],
    // a bare query string that names a signature or token
    [
      '=',
      after(
        /(sig|signature|x-amz-[a-z-]{1,64}|x-goog-[a-z-]{1,64}|awsaccesskeyid|access_token|refresh_token|id_token|token|password|passwd|secret|api_?key)=[^\s&;'"<>]+/gi,
      ),
      '$1=[redacted]',
    ],
    // connection strings
    ['=', after(/(AccountKey|SharedAccessSignature|SharedAccessKey|Password|Pwd)=[^;\s'"]+/gi), '$1=[redacted]'],
    // headers; keys of the caller's own are sent in some (SSE-C of S3, and the like of Azure and Google)
    [
      'authorization|cookie|x-amz-|x-goog-|x-ms-|SSECustomerKey',
      after(
        /(authorization|proxy-authorization|x-amz-security-token|cookie|set-cookie|x-amz-(?:copy-source-)?server-side-encryption-customer-key(?:-md5)?|x-(?:goog|ms)-(?:copy-source-|source-)?encryption-key|SSECustomerKey(?:MD5)?)(["']?\s*[:=]\s*["']?)[^\r\n"']+/gi,
      ),
      '$1$2[redacted]',
    ],
    [
      'bearer|basic|sharedkey|aws4-hmac',
      after(/(bearer|basic|sharedkey|aws4-hmac-sha256)\s+[A-Za-z0-9+/=_.~:,-]{8,}/gi),
      '$1 [redacted]',
    ],
    // AWS access key ids
    ['AKIA|ASIA|AROA|AIDA', after(/(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b/g), '[redacted]'],
    // PEM private keys
    ['-----BEGIN', /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[redacted]'],
  ]

/** Most texts have none of them, and need no second look. */
const HINTS = new RegExp([...new Set(PATTERNS.map(([hint]) => hint))].join('|'), 'i')
