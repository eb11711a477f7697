import { namesEtag } from '../http/conditions.js'
import { objectEtag } from './etag.js'
import { failure, invalidParameter } from './failure.js'
import { type GcsRequest, wholeNumber } from './request.js'
import type { StoredObject } from './store.js'

/**
 * `ifGenerationMatch`, `ifGenerationNotMatch`, `ifMetagenerationMatch`, `ifMetagenerationNotMatch`
 * ("Request preconditions"). Generation 0 stands for no live object.
 *
 * @param names of the parameters differ for the source of a copy: `ifSource`.
 * @throws conditionNotMet (412); notModified (304) for a read whose object has not changed.
 */
export const checkPreconditions = (
  request: GcsRequest,
  object: Pick<StoredObject, 'generation' | 'metageneration'> | undefined,
  names: 'if' | 'ifSource' = 'if',
): void => {
  const generation = object?.generation ?? 0n
  const metageneration = BigInt(object?.metageneration ?? 0)
  const unmet = (name: string, actual: bigint, wanted: boolean): boolean => {
    const expected = wholeNumber(request, name)
    return expected !== undefined && (expected === actual) !== wanted
  }
  if (unmet(`${names}GenerationMatch`, generation, true) || unmet(`${names}MetagenerationMatch`, metageneration, true))
    throw failure('conditionNotMet')
  if (
    unmet(`${names}GenerationNotMatch`, generation, false) ||
    unmet(`${names}MetagenerationNotMatch`, metageneration, false)
  ) {
    if (request.method === 'GET') throw failure('notModified')
    throw failure('conditionNotMet')
  }
}

/** If-Match and If-None-Match with the ETag of an object. @throws conditionNotMet (412), notModified (304) for a read. */
export const checkEtag = (request: GcsRequest, object: StoredObject): void => {
  const ifMatch = request.headers.get('if-match')
  const ifNoneMatch = request.headers.get('if-none-match')
  const etag = objectEtag(object.generation, object.metageneration)
  if (ifMatch !== undefined && !namesEtag(ifMatch, etag)) throw failure('conditionNotMet')
  if (ifNoneMatch === undefined || !namesEtag(ifNoneMatch, etag)) return
  throw failure(request.method === 'GET' ? 'notModified' : 'conditionNotMet')
}

/** The generation that a parameter names. @throws invalidParameter for 0 and what is no number. */
export const askedGeneration = (request: GcsRequest, name = 'generation'): bigint | undefined => {
  const generation = wholeNumber(request, name)
  if (generation === 0n) throw invalidParameter(name, `Invalid value for ${name}: 0.`)
  return generation
}
