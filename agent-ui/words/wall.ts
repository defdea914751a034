import type { WordList } from './words.ts';

/** The wallboard. */
export const wallWords = {
  'wall.title': ['热线运行', 'Hotlines now'],
  'wall.all': ['全部热线', 'All hotlines'],
  'wall.lost': ['画面已停止更新', 'No longer live'],
  'wall.alarms': ['告警', 'Alarms'],
  'wall.plan': ['应急预案“{{name}}”（{{level}}）已启动', 'Plan {{name}} ({{level}}) is open'],
  'wall.planDrill': ['演练：“{{name}}”（{{level}}）', 'Drill: {{name}} ({{level}})'],
  'wall.sites': ['异地职场', 'Sites'],
  'wall.siteCounts': [
    '签入 {{signedIn}} · 示闲 {{ready}} · 通话 {{busy}}',
    '{{signedIn}} signed in · {{ready}} ready · {{busy}} in calls',
  ],
  'wall.overflows': ['溢出中', 'overflowing'],
} as const satisfies WordList;
