import type { WordList } from './words.ts';

/** The citizen’s practice phone. */
export const citizenWords = {
  citizenTitle: ['联动·市民拨号', 'Liandong · ring as a citizen'],
  citizenHeading: ['以市民身份拨打', 'Ring as a citizen'],
  citizenHint: [
    '练习用：从浏览器拨打热线，体验市民听到的一切。号码可任意填写。',
    'For practice: ring a hotline from the browser and hear what a citizen hears. Any number will do.',
  ],
  citizenOff: ['练习电话没有打开', 'The practice phone is off'],
  yourNumber: ['您的号码', 'Your number'],
  numberWrong: ['号码应为 3 至 15 位数字', 'The number must be 3 to 15 digits'],
  ringWhom: ['拨打哪里', 'Whom to ring'],
  withhold: ['隐藏号码', 'Withhold my number'],
  ring: ['拨打', 'Ring'],
  hangUp: ['挂断', 'Hang up'],
  'citizen.idle': ['未拨打', 'Not ringing'],
  'citizen.dialling': ['正在拨号', 'Dialling'],
  'citizen.ringing': ['对方振铃', 'Ringing'],
  'citizen.talking': ['已接通', 'Connected'],
  'citizen.over': ['通话结束', 'Call ended'],
  'citizen.failed': ['未能接通', 'Could not connect'],
  'failed.refused': ['对方没有接受', 'The call was not accepted'],
  'failed.socket': ['连不上交换机', 'The switch cannot be reached'],
  'failed.media': ['声音不通', 'No sound path'],
} as const satisfies WordList;
