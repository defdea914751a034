import type { WordList } from './words.ts';

/** Words of every page. */
export const commonWords = {
  product: ['联动', 'Liandong'],
  skip: ['跳到操作区', 'Skip to the actions'],
  loading: ['正在打开…', 'Opening…'],
  otherLanguage: ['English', '中文'],
  theme: ['明暗', 'Theme'],
  'theme.system': ['随系统', 'As the computer'],
  'theme.light': ['浅色', 'Light'],
  'theme.dark': ['深色', 'Dark'],
  logOut: ['签出', 'Sign out'],
  server: ['服务器', 'Server'],
  'server.live': ['已连接', 'connected'],
  'server.lost': ['重连中', 'reconnecting'],
  tryAgain: ['重试', 'Try again'],
  serverLost: [
    '与服务器的联系中断，正在自动重连；通话由交换机保住。',
    'The link to the server is down; reconnecting. The switch keeps the call.',
  ],
  stale: [
    '系统已升级，本页面是旧版，请刷新。',
    'The system has been upgraded and this page is of yesterday: load it again.',
  ],
  reload: ['刷新', 'Reload'],
  drill: ['演练', 'Drill'],
  cancel: ['取消', 'Cancel'],
  close: ['关闭', 'Close'],
  dismiss: ['知道了', 'Dismiss'],
} as const satisfies WordList;
