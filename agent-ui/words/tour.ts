import type { WordList } from './words.ts';

/** The five steps of `make demo`. */
export const tourWords = {
  'tour.title': ['五步上手', 'A tour in five steps'],
  'tour.lead': [
    '市民和其他座席由程序扮演。做完一步，服务器看到了就打勾；随时可以离开，回来接着做。',
    'Citizens and the other seats are played. Each step is ticked when the server has seen it done; leave and come back as you like.',
  ],
  'tour.off': [
    '这里没有演示。请用 make demo 启动，再打开本页。',
    'Nothing is played here. Start it with make demo and open this page again.',
  ],
  'tour.done': ['已完成', 'Done'],
  'tour.next': ['现在做', 'Do this now'],
  'tour.later': ['未完成', 'Not yet'],
  'tour.all': [
    '五步都完成了。可以再看看别的，或按 Ctrl-C 结束。',
    'All five are done. Look around, or end it with Ctrl-C.',
  ],
  'tour.open': ['打开', 'Open'],
  'tourStep.answer': ['签入 8001，接一个电话', 'Sign in at 8001 and take a call'],
  'tourHow.answer': [
    '打开座席页，账号 8001，密码 8001；通过检查后按“示闲”，来电振铃时按“接听”。',
    'Open the operator’s desk with account and password 8001; after the check press Ready, and Answer when a call rings.',
  ],
  'tourStep.hand-over': ['一键转给 110', 'Hand her to 110 with one key'],
  'tourHow.hand-over': [
    '通话中按“转 110”。110 接听后三方通话，再按“退出”。',
    'In the call press the key for 110. When 110 has answered, three people talk; then leave.',
  ],
  'tourStep.move': ['当班长，调动一个座席', 'As the manager, move a seat'],
  'tourHow.move': [
    '先在座席页签出，或用无痕窗口；打开班长席，账号 chen，密码 chen。选一个座席调到另一条热线，先看试算，再确认。',
    'Sign out of the desk first, or use a private window. Open the manager’s desk as chen, password chen; move a seat to the other line: look at the forecast, then confirm.',
  ],
  'tourStep.plan': ['启动应急预案', 'Open the plan'],
  'tourHow.plan': [
    '换账号 duty，密码 duty，打开应急值守，启动“暴雨”预案；苏州、杭州的座席随后到位。',
    'Open the emergency desk as duty, password duty, and open the plan Rainstorm: seats in Suzhou and Hangzhou come.',
  ],
  'tourStep.wall': ['看大屏', 'Look at the wallboard'],
  'tourHow.wall': [
    '打开大屏，看排队怎样变短。',
    'Open the wallboard and watch the queue get shorter.',
  ],
} as const satisfies WordList;
