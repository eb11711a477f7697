import type { Framework } from './framework.js'

/** Points of the annex to Implementing Regulation (EU) 2024/2690. */
export const nis2: Framework = {
  id: 'nis2',
  title: 'NIS 2, annex to Implementing Regulation (EU) 2024/2690',
  version: '2024',
  clauses: {
    '4.2.2(a)': 'backup plans name recovery times',
    '4.2.2(c)': 'copies are kept in a safe place apart',
    '4.2.2(f)': 'backup plans name retention',
    '4.2.3': 'integrity of backups is checked',
    '4.2.6': 'recovery is tested, results are documented and corrected',
  },
}
