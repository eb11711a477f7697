import { expect, test } from 'vitest'
import { azureOperation } from '../../src/azure/operation.js'

const nameOf = (
  method: string,
  target: string,
  headers: Record<string, string> = {},
  accountInPath = true,
): unknown => {
  const url = new URL(target, 'http://host')
  const parameters = [...url.searchParams]
  const { operation, container, blob } = azureOperation(
    {
      method,
      rawPath: url.pathname,
      parameters,
      query: new Map(parameters),
      headers: new Map(Object.entries(headers)),
    },
    accountInPath,
  )
  return [operation, container, blob]
}

test('operations have the names of the REST reference', () => {
  expect(nameOf('GET', '/acct?comp=list')).toEqual(['ListContainers', '', ''])
  expect(nameOf('GET', '/acct/?restype=account&comp=properties')).toEqual(['GetAccountInfo', '', ''])
  expect(nameOf('HEAD', '/acct/c/b?restype=account&comp=properties')).toEqual(['GetAccountInfo', 'c', 'b'])
  expect(nameOf('GET', '/acct/?restype=service&comp=properties')).toEqual(['GetBlobServiceProperties', '', ''])
  expect(nameOf('GET', '/acct/c?restype=container')).toEqual(['GetContainerProperties', 'c', ''])
  expect(nameOf('HEAD', '/acct/c?restype=container')).toEqual(['GetContainerProperties', 'c', ''])
  expect(nameOf('PUT', '/acct/c?restype=container')).toEqual(['CreateContainer', 'c', ''])
  expect(nameOf('GET', '/acct/c?restype=container&comp=list&prefix=x')).toEqual(['ListBlobs', 'c', ''])
  expect(nameOf('GET', '/acct/c/a%20b/%C3%BC%2F%25')).toEqual(['GetBlob', 'c', 'a b/ü/%'])
  expect(nameOf('GET', '/acct/c/a?snapshot=x&versionid=y')).toEqual(['GetBlob', 'c', 'a'])
  expect(nameOf('HEAD', '/acct/c/a')).toEqual(['GetBlobProperties', 'c', 'a'])
  expect(nameOf('PUT', '/acct/c/a', { 'x-ms-blob-type': 'BlockBlob' })).toEqual(['PutBlob', 'c', 'a'])
  expect(nameOf('PUT', '/acct/c/a', { 'x-ms-copy-source': 'http://x' })).toEqual(['CopyBlob', 'c', 'a'])
  expect(nameOf('PUT', '/acct/c/a?comp=block&blockid=x')).toEqual(['PutBlock', 'c', 'a'])
  expect(nameOf('DELETE', '/acct/c/a')).toEqual(['DeleteBlob', 'c', 'a'])
  expect(nameOf('POST', '/acct/c/a')).toEqual(['Unknown', 'c', 'a'])
})

test('host-style accounts have no account in the path, and one name alone is a blob of the root container', () => {
  expect(nameOf('GET', '/c/a/b', {}, false)).toEqual(['GetBlob', 'c', 'a/b'])
  expect(nameOf('GET', '/c?restype=container&comp=list', {}, false)).toEqual(['ListBlobs', 'c', ''])
  expect(nameOf('GET', '/a.txt', {}, false)).toEqual(['GetBlob', '$root', 'a.txt'])
  expect(nameOf('GET', '/?comp=list', {}, false)).toEqual(['ListContainers', '', ''])
})
