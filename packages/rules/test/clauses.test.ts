import { FRAMEWORKS } from '@backproof/core/audit'
import { describe, expect, it } from 'vitest'
import { clauses } from '../src/clauses.js'

/** Every clause that a rule of the audit catalogue refers to, but for proposals of law and guides that are no framework of controls. */
const CATALOGUE = `
  CP-9; CIS 11.2; A.8.13; A1.2; 308(a)(7)(ii)(A); PCI 12.10.1; GDPR 32(1)(b); DORA 12; CC7.2; PI1.5; CC7.3;
  CA-7; CC4.1; SI-2; A.8.15; ISO 10.2; IR-6(1); SI-4; A.8.16; 308(a)(6)(ii); A1.1; A.8.6; CP-2(2); CIS 11.3;
  CP-2(8); DORA 12(1); SA-9; CIS 15.4; A.5.22; A.5.23; CC9.2; 308(b)(1); PCI 12.8.4; GDPR 28; DORA 12(1)(a);
  SI-12; CIS 3.4; 316(b)(2)(i); PCI 10.5.1; CP-6(2); GDPR 32(1)(c); CP-10(2); GDPR 5(1)(e); C1.2; CP-9(3); CIS
  11.4; 312(c)(1); PCI 10.3.4; A.5.33; A.8.10; PCI 3.2.1; GDPR 17; GDPR 25; GDPR 30; GDPR 17(3); GDPR 18;
  AU-6; CIS 3.14; GDPR 5(1)(f); AU-9; AC-3; AC-6; CC6.1; CP-9(7); AC-5; A.8.2; CC6.3; MP-6; CIS 3.5; MP-6(1);
  A.7.14; CC6.5; 310(d)(2)(i); 310(d)(2)(ii); PCI 9.4.7; CM-3; CIS 8.11; CC8.1; CP-9(8); SC-28(1); CIS 3.11;
  A.8.24; 312(a)(2)(iv); PCI 3.5.1; GDPR 32(1)(a); SC-12; PCI 3.6.1; SC-8(1); CIS 3.10; CC6.7; 312(e)(1);
  312(e)(2)(ii); PCI 4.2.1; PCI 3.7.4; SC-12(1); CP-10; IA-5; A.5.17; PCI 8.6.3; IA-2; A.5.15; PCI 8.6.1; CIS
  3.3; A.8.3; 312(a)(1); PCI 7.2.1; CC6.6; PCI 1.4.4; AC-4; SC-7; A.5.14; GDPR 44; CIS 4.4; A.8.20; A.8.22;
  PCI 1.4.1; AC-6(1); CIS 6.8; 308(a)(4); PCI 7.2.2; A.5.3; DORA 12(3); IA-2(1); CIS 6.5; A.8.5; PCI 8.4.2;
  AC-6(7); AC-2; A.5.18; CC6.2; 308(a)(4)(ii)(C); PCI 7.2.4; AU-2; AU-12; CIS 8.2; 312(b); PCI 10.2.1; GDPR
  5(2); AU-11; CIS 8.10; 308(a)(1)(ii)(D); PCI 10.4.1; GDPR 33; SA-9(5); A.5.34; C1.1; CP-9(5); CP-6; NIS2
  4.2.2(c); CP-6(1); A.8.14; PCI 9.4.1.1; CP-9(6); SI-7; CP-9(1); 312(c)(2); A1.3; GDPR 32(1)(d); NIS2 4.2.3;
  SI-3; CIS 10.1; A.8.7; CP-4; CP-9(2); CIS 11.5; 308(a)(7)(ii)(D); PCI 12.10.2; DORA 12(2); NIS2 4.2.6;
  A.8.31; CP-10(4); CP-2; A.5.30; 308(a)(7)(ii)(B); DORA 12(6); NIS2 4.2.2(a); 312(a)(2)(ii); AU-4; CP-1; CIS
  11.1; A.5.1; 308(a)(7)(i); A.5.9; 308(a)(7)(ii)(E); CA-2; ISO 9.2; 308(a)(8); CC4.2; A.5.35; CA-5; CC7.5;
  308(a)(1)(ii)(B); IR-4; IR-6; CIS 17.1; CIS 17.3; A.5.24; CC7.4; 308(a)(6); PCI 12.10.3; CP-3; AT-3; CIS
  14.9; A.6.3; CC1.4; 308(a)(5); PCI 12.10.4; MP-4; A.7.10; 310(d)(2)(iii); PCI 9.4.1.2; PCI 9.4.5.1; A.5.28;
  SI-18; RA-7; CC3.2; ISO 6.1.3
`

/** Those that the catalogue leaves out, and that give a number or want one. */
const OF_NUMBERS = ['dora 11(6)', 'nis2 4.2.2(f)']

const all = CATALOGUE.split(';').map((one) => one.replaceAll(/\s+/g, ' ').trim())

describe('the notation of clauses', () => {
  it.each([
    ['CP-9', 'nist-800-53', 'CP-9'],
    ['CP-9(8)', 'nist-800-53', 'CP-9(8)'],
    ['CIS 11.2', 'cis-v8.1', '11.2'],
    ['A.8.13', 'iso-27001', 'A.8.13'],
    ['ISO 6.1.3', 'iso-27001', '6.1.3'],
    ['A1.2', 'soc2', 'A1.2'],
    ['CC7.2', 'soc2', 'CC7.2'],
    ['C1.2', 'soc2', 'C1.2'],
    ['PI1.5', 'soc2', 'PI1.5'],
    ['312(a)(2)(iv)', 'hipaa', '312(a)(2)(iv)'],
    ['PCI 9.4.1.1', 'pci-dss', '9.4.1.1'],
    ['GDPR 32(1)(b)', 'gdpr', '32(1)(b)'],
    ['DORA 12(1)(a)', 'dora', '12(1)(a)'],
    ['NIS2 4.2.2(c)', 'nis2', '4.2.2(c)'],
  ])('reads %s', (text, framework, clause) => {
    expect(clauses({ partial: text })).toEqual([{ framework, clause, strength: 'partial' }])
  })

  it('reads lists by strength', () => {
    expect(clauses({ partial: 'CP-9; A1.2', supporting: 'CA-7' })).toEqual([
      { framework: 'nist-800-53', clause: 'CP-9', strength: 'partial' },
      { framework: 'soc2', clause: 'A1.2', strength: 'partial' },
      { framework: 'nist-800-53', clause: 'CA-7', strength: 'supporting' },
    ])
  })

  it.each(['', 'CP9', 'CIS', 'HIPAA NPRM 72 h', 'CP-9, CP-10', 'A1'])('refuses %j', (text) => {
    expect(() => clauses({ partial: text })).toThrow(/no clause/)
  })

  it('writes every clause that is known', () => {
    const written = new Set(
      clauses({ partial: all.join(';') }).map(({ framework, clause }) => `${framework} ${clause}`),
    )
    const known = FRAMEWORKS.flatMap(({ id, clauses: titles }) =>
      Object.keys(titles).map((clause) => `${id} ${clause}`),
    )
    expect(known.filter((one) => !written.has(one))).toEqual(OF_NUMBERS)
  })
})

describe('the clauses of the audit catalogue', () => {
  it('are many', () => {
    expect(all.length).toBe(217)
  })

  it.each(all)('%s is known', (text) => {
    const [{ framework, clause } = { framework: '', clause: '' }] = clauses({ partial: text })
    const known = FRAMEWORKS.find(({ id }) => id === framework)
    expect(known?.clauses[clause]).toMatch(/^.{3,}$/)
  })
})

describe('frameworks', () => {
  it('are nine, each with a title and an edition', () => {
    expect(FRAMEWORKS.map(({ id }) => id)).toEqual([
      'nist-800-53',
      'cis-v8.1',
      'iso-27001',
      'soc2',
      'hipaa',
      'pci-dss',
      'gdpr',
      'dora',
      'nis2',
    ])
    for (const { title, version } of FRAMEWORKS) expect([title, version]).not.toContain('')
  })
})
