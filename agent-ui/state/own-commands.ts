import type { CommandView } from '../../server/http/views.ts';

/** What the page itself does at a key: it only leads to where something can be done. */
export const ownCommands = [
  own('reasons', '打开示忙原因', 'Open the reasons for not ready', 'Alt+R'),
  own('search', '查找转接对象', 'Find a target', 'Alt+S'),
  own('notes', '写通话备注', 'Write notes', 'Alt+N'),
  own('ticket', '写工单', 'Write the ticket', 'Alt+T'),
  own('checks', '设备检查', 'Device check', 'Alt+C'),
  own('keys', '查看快捷键', 'Show the keys', 'Alt+K'),
] as const satisfies readonly CommandView[];

/** Those that there is something for: tickets may be off. */
export const ownCommandsWith = (tickets: boolean): readonly CommandView[] =>
  ownCommands.filter(({ id }) => tickets || id !== 'ticket');

export type OwnCommand = (typeof ownCommands)[number]['id'];

function own<Id extends string>(id: Id, zh: string, en: string, key: string) {
  return { id, label: { zh, en }, key, needsModifier: false };
}
