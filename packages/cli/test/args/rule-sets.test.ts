import { describe, expect, it } from 'vitest'
import { ruleSets } from '../../src/args/rule-sets.js'

describe('--preset and --framework', () => {
  it('nothing was asked', async () => {
    expect(await ruleSets({})).toEqual({ preset: undefined, frameworks: [], code: undefined })
  })

  it('a preset', async () => {
    const { preset, frameworks, code } = await ruleSets({ preset: 'strict' })
    expect([preset?.id, frameworks]).toEqual(['strict', []])
    expect(code).toEqual({ imports: [`import { strict } from '@backproof/rules/presets'`], rules: 'strict().rules' })
  })

  it('a framework, twice, is one', async () => {
    const { preset, frameworks, code } = await ruleSets({ framework: ['gdpr', 'gdpr'] })
    expect([preset?.id, frameworks.map(({ id }) => id)]).toEqual(['gdpr', ['gdpr']])
    expect(code).toEqual({
      imports: [`import { frameworkPreset } from '@backproof/rules/frameworks'`],
      rules: `frameworkPreset('gdpr').rules`,
    })
  })

  it('several are one, in code too', async () => {
    const { preset, frameworks, code } = await ruleSets({ preset: 'recommended', framework: ['pci-dss', 'cis-v8.1'] })
    expect(preset?.id).toBe('cis-v8.1+pci-dss+recommended')
    expect(frameworks.map(({ id }) => id)).toEqual(['cis-v8.1', 'pci-dss'])
    expect(code?.rules).toBe(
      `combinePresets([recommended(), frameworkPreset('pci-dss'), frameworkPreset('cis-v8.1')]).rules`,
    )
    expect(code?.imports).toEqual([
      `import { frameworkPreset } from '@backproof/rules/frameworks'`,
      `import { combinePresets, recommended } from '@backproof/rules/presets'`,
    ])
  })

  it.each([
    [
      { preset: 'recomended' },
      /--preset does not know "recomended"\nDid you mean recommended\? Known: recommended, strict, all\./,
    ],
    [{ preset: 'toString' }, /--preset does not know "toString"/],
    [{ preset: 'pci-dss' }, /--preset pci-dss is a framework\nUse --framework pci-dss/],
    [{ preset: '' }, /--preset is empty/],
    [{ framework: ['gdpr', 'nis-2'] }, /--framework does not know "nis-2"\nDid you mean nis2\?/],
    [{ framework: ['strict'] }, /--framework does not know "strict"\n.*Known: nist-800-53, /],
  ])('refuses %j', async (values, said) => {
    await expect(ruleSets(values)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(said) as string,
    })
  })
})
