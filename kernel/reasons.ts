import type { Words } from './errors.ts';

/** Why a seat is not ready when nobody has chosen a reason: codes that no reason of the configuration may have. */
export const ownReasons = {
  'signed-in': { zh: '刚签入', en: 'Just signed in' },
  'no-answer': { zh: '来电未接，已自动示忙', en: 'Did not answer an offer' },
  refused: { zh: '已拒接来电，自动示忙', en: 'Refused an offer' },
  'no-microphone': { zh: '麦克风断开', en: 'The microphone is gone' },
  'own-place': { zh: '班长席', en: 'A manager’s own place' },
  'by-manager': { zh: '班长置忙', en: 'Set by a manager' },
  'log-in-over': { zh: '登录已到期', en: 'The log-in has ended' },
  'line-lost': { zh: '话路中断', en: 'The line was lost' },
} as const satisfies Readonly<Record<string, Words>>;
