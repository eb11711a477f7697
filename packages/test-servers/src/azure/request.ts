import type { IncomingMessage } from 'node:http'
import { type RequestParts, takeApart } from '../http/message.js'
import { failure } from './failure.js'
import { type AzureOperation, azureOperation } from './operation.js'

/** A request taken apart, before anything is known about who sent it. */
export interface AzureRequest extends RequestParts, AzureOperation {}

/** @throws InvalidUri for what is not percent-encoded UTF-8. */
export const parseRequest = (message: IncomingMessage): AzureRequest => {
  try {
    const parts = takeApart(message)
    return { ...parts, ...azureOperation(parts) }
  } catch {
    throw failure('InvalidUri')
  }
}
