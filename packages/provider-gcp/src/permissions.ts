/** The IAM permission that a request needs ("IAM permissions for JSON methods", Cloud Storage documentation). */
export const permissionOf = (operation: string): string => {
  switch (operation) {
    case 'buckets.get':
      return 'storage.buckets.get'
    case 'buckets.getStorageLayout':
    case 'objects.list':
      return 'storage.objects.list'
    default:
      return 'storage.objects.get'
  }
}
