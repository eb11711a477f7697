import type { Azurite, AzuriteOptions } from './azurite.js'

/**
 * Starts azurite from its npm package on a free port, with a folder and an account of its own. Any number may run at once.
 * What it starts ends with this process, however that ends.
 *
 * Errors: `unavailable` with what azurite printed when it ends or does not come up.
 */
export const startAzurite = async (options: AzuriteOptions = {}): Promise<Azurite> => {
  // Half a second to load Microsoft's SDK, which those who test other platforms need not wait for.
  const { launchAzurite } = await import('./azurite.js')
  return await launchAzurite(options)
}
