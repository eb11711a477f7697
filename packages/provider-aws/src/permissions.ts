/**
 * The IAM action that a request needs ("Actions, resources, and condition keys for Amazon S3", Service Authorization
 * Reference). Where a version is named, another one.
 */
export const permissionOf = (operation: string, { version }: { readonly version?: string | undefined }): string => {
  const versioned = version !== undefined
  switch (operation) {
    case 'HeadBucket':
    case 'ListObjectsV2':
      return 's3:ListBucket'
    case 'ListObjectVersions':
      return 's3:ListBucketVersions'
    case 'GetBucketVersioning':
      return 's3:GetBucketVersioning'
    case 'GetObjectAttributes':
      return versioned ? 's3:GetObjectVersionAttributes' : 's3:GetObjectAttributes'
    default:
      return versioned ? 's3:GetObjectVersion' : 's3:GetObject'
  }
}
