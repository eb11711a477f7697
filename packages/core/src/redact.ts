/**
 * Removes what must never leave the process from text that other code wrote: signatures and tokens in URLs,
 * credentials in URLs and headers, access key ids, account keys in connection strings.
 *
 * It errs on the side of removing: the whole query of any URL goes, because signed URLs (S3 presigned, Azure SAS,
 * GCS signed) carry their secret there.
 */
export const redact = (text: string): string => {
  let out = text
  for (const [pattern, replacement] of PATTERNS) out = out.replace(pattern, replacement)
  return out
}

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // scheme://user:password@host
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@'"]+@/gi, '$1[redacted]@'],
  // the query of any URL
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s?#'"<>]*)\?[^\s'"<>#]*/gi, '$1?[redacted]'],
  // a bare query string that names a signature or token
  [
    /\b(sig|signature|x-amz-[a-z-]+|x-goog-[a-z-]+|awsaccesskeyid|access_token|refresh_token|id_token|token|password|passwd|secret|api_?key)=[^\s&;'"<>]+/gi,
    '$1=[redacted]',
  ],
  // connection strings
  [/\b(AccountKey|SharedAccessSignature|SharedAccessKey|Password|Pwd)=[^;\s'"]+/gi, '$1=[redacted]'],
  // headers
  [
    /\b(authorization|proxy-authorization|x-amz-security-token|cookie|set-cookie)(["']?\s*[:=]\s*["']?)[^\r\n"']+/gi,
    '$1$2[redacted]',
  ],
  [/\b(bearer|basic|sharedkey|aws4-hmac-sha256)\s+[A-Za-z0-9+/=_.~:,-]{8,}/gi, '$1 [redacted]'],
  // AWS access key ids
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b/g, '[redacted]'],
  // PEM private keys
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[redacted]'],
]
