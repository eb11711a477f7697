export * from './azurite/index.js'
export * from './http/index.js'
export * from './rgw/index.js'
export * from './s3/index.js'
