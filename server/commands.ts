import type { Action, CommandView } from './http/views.ts';

/** What a key of the keyboard can be put on, with the key that is suggested; operators may choose others. */
export const commands: readonly CommandView[] = [
  command('answer', '接听', 'Answer', 'F2'),
  command('refuse', '拒接', 'Refuse', null),
  command('ask-help', '求助 / 取消求助', 'Ask for help, or no more', 'F3'),
  command('ready', '示闲 / 结束整理', 'Ready, or end wrap-up', 'F4'),
  command('extend-wrap-up', '继续整理', 'Extend wrap-up', 'Shift+F4'),
  command('hold', '保持 / 取消保持', 'Hold, or resume', 'F6'),
  command('mute', '静音 / 取消静音', 'Mute, or unmute', 'F7'),
  command('one-key', '一键转接', 'One-key transfer', 'F8'),
  command('three-way', '三方通话', 'Three-way call', 'F9'),
  command('take-back', '接回', 'Take back', 'F10'),
  command('merge', '合并三方', 'Merge', 'Shift+F9'),
  command('complete', '完成转接', 'Complete the transfer', 'Shift+F8'),
  command('cancel', '取消转接', 'Cancel the transfer', 'Ctrl+F10'),
  command('pause-recording', '暂停录音 / 恢复录音', 'Pause the recording, or go on', 'Shift+F7'),
  command('mark', '危及生命标记', 'Mark danger to life', null),
  command('leave', '离开', 'Leave', 'Ctrl+F11'),
  { ...command('hang-up', '挂机', 'Hang up', 'Ctrl+F12'), needsModifier: true },
];

function command(id: string, zh: string, en: string, key: string | null): CommandView {
  return { id, label: { zh, en }, key, needsModifier: false };
}

/** Two actions of which one undoes the other share a key. */
const sameAs: Partial<Record<Action['name'], string>> = {
  resume: 'hold',
  unmute: 'mute',
  'end-wrap-up': 'ready',
  'withdraw-help': 'ask-help',
  'resume-recording': 'pause-recording',
};

/** The action with its command and the key suggested for it; one that has no command is left as it is. */
export function withCommand(action: Action): Action {
  const id = action.main ? action.group : (sameAs[action.name] ?? action.name);
  const found = commands.find((one) => one.id === id);
  return found ? { ...action, command: found.id, key: found.key } : action;
}
