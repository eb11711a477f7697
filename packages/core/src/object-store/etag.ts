/** An ETag without its quotes: headers write them, some listings do not. */
export const bareEtag = (etag: string): string => etag.replace(/^"|"$/g, '')
