import type { Framework } from './framework.js'

/** Articles. */
export const dora: Framework = {
  id: 'dora',
  title: 'Digital Operational Resilience Act, Regulation (EU) 2022/2554',
  version: '2022',
  clauses: {
    '11(6)': 'continuity and recovery plans are tested at least yearly, with switches to backups',
    '12': 'backup, restoration and recovery',
    '12(1)': 'backup policies, restoration and recovery methods are documented',
    '12(1)(a)': 'scope and minimum frequency of backups',
    '12(2)': 'backup systems can be activated, and are tested',
    '12(3)': 'restores use systems that are apart from the source',
    '12(6)': 'recovery time and recovery point objectives',
  },
}
