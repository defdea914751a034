import type { WordList } from './words.ts';

/** The way in, the same for all desks. */
export const logInWords = {
  logInHeading: ['登录', 'Sign in'],
  account: ['座席号或账号', 'Seat or account'],
  accountHint: [
    '座席填座席号；班长、应急值守填本人账号。',
    'Operators: the seat. Managers and duty officers: your own account.',
  ],
  password: ['密码', 'Password'],
  logIn: ['签入', 'Sign in'],
  loggingIn: ['正在签入…', 'Signing in…'],
  logInHint: [
    '用浏览器接听的座席，签入后请允许使用麦克风，并戴好耳机。',
    'If you answer in the browser, allow the microphone after signing in and put your headset on.',
  ],
  noPage: [
    '这个账号只用于系统对接，没有可打开的页面',
    'This account is for other systems; there is no page for it',
  ],
} as const satisfies WordList;
