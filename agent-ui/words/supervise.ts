import type { WordList } from './words.ts';

/** A manager with calls of others. */
export const superviseWords = {
  side: ['通话与记录', 'Calls and what was done'],
  calls: ['通话', 'Calls'],
  'calls.who': ['热线、座席与来电人', 'Hotline, operator, citizen'],
  'calls.keys': ['操作', 'Keys'],
  'calls.menu': ['通话 {{about}} 的操作', 'What can be done with the call {{about}}'],
  'calls.withheld': ['号码隐藏', 'number withheld'],
  'calls.danger': ['危及生命', 'danger to life'],
  'calls.held': ['保持中', 'on hold'],
  'at.calling-back': ['回拨中', 'being rung back'],
  'at.transferring': ['转接中', 'being transferred'],
  'at.consulting': ['咨询中', 'consulting'],
  'with.listen': ['监听中', 'listens'],
  'with.whisper': ['耳语中', 'whispers'],
  'with.barge': ['强插中', 'has barged in'],
  'with.ringing': ['话机振铃', 'is being rung'],

  help: ['座席求助', 'Asks for help'],
  'help.asks': ['求助', 'asks for help'],
  'help.by': ['座席 {{seat}} 求助', 'Seat {{seat}} asks for help'],

  own: ['本人所在通话', 'The call you are with'],
  'own.listening': ['正在监听', 'Listening'],
  'own.whispering': ['正在耳语，来电人听不到', 'Whispering; the citizen does not hear you'],
  'own.talking': ['已强插，三方都能听到', 'Barged in; everybody hears you'],
  'own.ringing': ['您的话机振铃，请摘机', 'Your phone rings: pick it up'],
  'own.mine': ['由您接听', 'You have this call'],
  'own.more': ['转接…', 'Transfer…'],

  'key.takeOver': [
    '由您与来电人通话，座席退出。',
    'You talk with the citizen from now on; the operator is released.',
  ],
  'key.end': [
    '通话立即结束，来电人和座席都会被挂断。',
    'The call ends at once, for the citizen and the operator.',
  ],
  'key.kept': [
    '记入监管记录，座席会看到是谁操作。',
    'It is kept in the log of calls, and the operator is told by whom.',
  ],

  'place.browser': ['本席 {{id}}', 'Your line {{id}}'],
  'place.phone': ['话机 {{id}}', 'Your phone {{id}}'],
  'place.up': ['可用', 'ready'],
  'place.lost': ['未接通', 'not connected'],
  'place.elsewhere': ['在另一标签页', 'in another tab'],
  'place.take': ['在此接管', 'Take it here'],

  log: ['监管记录', 'Log of calls'],
  'log.what': ['何时、何人、何事', 'When, who, what'],
} as const satisfies WordList;
