import type { WordList } from './words.ts';

/** Troubles of the media leg in the browser. */
export const phoneWords = {
  'trouble.microphone-denied': [
    '麦克风未获许可。请点地址栏左侧的图标，把“麦克风”改为“允许”，然后再试一次。',
    'The microphone is not allowed. Click the icon left of the address, set Microphone to Allow, then try again.',
  ],
  'trouble.microphone-missing': [
    '找不到麦克风。请插好耳机后再试一次。',
    'No microphone was found. Plug your headset in, then try again.',
  ],
  'trouble.microphone-busy': [
    '麦克风被其他程序占用。请关闭该程序后再试一次。',
    'Another program holds the microphone. Close it, then try again.',
  ],
  'trouble.insecure-page': [
    '此页面不是安全地址，浏览器不给麦克风。请用 https 地址或 localhost 打开。',
    'This page is not a secure address, so the browser gives no microphone. Open it by https or on localhost.',
  ],
  'trouble.refused': ['交换机拒绝接通话路', 'The switch refused the media leg'],
  'trouble.socket': ['连不上交换机，正在自动重连', 'The switch cannot be reached; trying again'],
  'trouble.media': ['声音不通，正在自动重连', 'No sound path; trying again'],
  'trouble.ended': ['话路被断开，正在自动重连', 'The media leg was ended; trying again'],
  allowSound: ['打开声音', 'Turn sound on'],
} as const satisfies WordList;
