import type { Framework } from './framework.js'

/** Articles. */
export const gdpr: Framework = {
  id: 'gdpr',
  title: 'General Data Protection Regulation, Regulation (EU) 2016/679',
  version: '2016',
  clauses: {
    '5(1)(e)': 'storage limitation',
    '5(1)(f)': 'integrity and confidentiality',
    '5(2)': 'accountability',
    '17': 'right to erasure',
    '17(3)': 'exceptions from erasure',
    '18': 'right to restriction of processing',
    '25': 'data protection by design and by default',
    '28': 'processors',
    '30': 'records of processing',
    '32(1)(a)': 'pseudonymisation and encryption',
    '32(1)(b)': 'confidentiality, integrity, availability and resilience',
    '32(1)(c)': 'availability and access are restored in time',
    '32(1)(d)': 'measures are tested and evaluated regularly',
    '33': 'breaches are notified',
    '44': 'transfers to third countries',
  },
}
