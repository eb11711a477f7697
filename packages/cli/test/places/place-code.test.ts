import { expect, it } from 'vitest'
import { placeCode } from '../../src/places/place-code.js'
import { resolvePlace } from '../../src/places/resolve-place.js'

it('prints no secret of a URI, also of one that its provider would refuse', async () => {
  const provider = { specifier: 'words', descriptor: { specVersion: 'v1', name: 'words', schemes: ['words'] } }
  const roles = { cwd: '/', providers: [provider as never] }
  for (const uri of ['words://user:SECRET@place/a', 'words://place/a?sig=SECRET']) {
    const place = await resolvePlace(uri, 'side', roles)
    const code = placeCode([place], { providers: [], directory: {}, checksums: {} } as never).expression(place)
    expect(code).toContain('[redacted]')
    expect(code).not.toContain('SECRET')
  }
})
