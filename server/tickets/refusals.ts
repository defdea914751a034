import { Refusal } from '../../kernel/errors.ts';

const sentences = {
  'tickets-off': [
    '未配置工单数据库（DATABASE_URL），工单功能未启用，通话不受影响',
    'Tickets are off: no database is configured (DATABASE_URL). Calls are not affected',
  ],
  'tickets-away': [
    '工单数据库暂时无法访问，通话不受影响；工单稍后自动补建，请稍后再试',
    'The database of tickets cannot be reached; calls go on and their tickets are made later. Try again',
  ],
  'no-recording': ['该工单没有这段录音', 'The ticket has no such recording'],
  'recording-deleted': [
    '录音已超过保存期限，已按规定删除，校验值仍在',
    'The recording was deleted when its time was over; its hash is still there',
  ],
  'recording-altered': [
    '录音文件与工单中的校验值不符，已被截断或改动，不予播放；请从备份恢复',
    'The sound is not what was hashed when it was recorded: it was cut or altered. Put the file back from a backup',
  ],
  'recording-elsewhere': [
    '录音不在本部署，请向有通话的一方调阅',
    'The sound is not here; ask the side that had the call',
  ],
  'file-kind': [
    '这种文件不能作为附件；可用图片、PDF、文档、录音、视频（jpg、png、pdf、docx、xlsx、mp3、mp4 等）',
    'Files of this kind are not taken; pictures, PDF, documents, sound and films are (jpg, png, pdf, docx, xlsx, mp3, mp4 …)',
  ],
  'file-not-what': [
    '文件内容与扩展名不符，未添加',
    'The file is not what its name says; it was not added',
  ],
  'file-too-large': [
    '文件超过 20 MB，请压缩或分开添加',
    'The file is larger than 20 MB; make it smaller, or add it in parts',
  ],
  'file-empty': ['文件是空的', 'The file is empty'],
  'file-there-already': ['该文件已在工单中', 'The ticket has this file already'],
  'no-attachment': ['该工单没有这个附件', 'The ticket has no such file'],
  'attachment-elsewhere': [
    '附件不在本部署，请向添加的一方调阅',
    'The file is not here; ask the side that added it',
  ],
  'attachment-altered': [
    '附件与工单中的校验值不符，已被改动，不予下载；请从备份恢复',
    'The file is not what was hashed when it came in; it was altered. Put it back from a backup',
  ],
  'no-ticket': ['没有这张工单', 'There is no such ticket'],
  'no-exchange': [
    '未配置与其他部署的互通（exchange）',
    'No exchange with other deployments is configured',
  ],
  'unknown-peer': ['没有这个互通对方', 'There is no such peer'],
  'no-dead-letter': ['该工单没有死信', 'The ticket has no dead letter there'],
  'no-lists': ['没有分流清单（lists/）', 'There are no lists (lists/)'],
  'no-number': ['工单中没有来电人号码，无法回访', 'The ticket has no number to ring'],
  'number-withheld': [
    '来电人号码保密，本热线不可见，无法回访',
    'Her number is withheld from your hotline; she cannot be rung',
  ],
  'not-yours': ['工单与您所在的热线无关', 'Your hotline has nothing to do with this ticket'],
} as const;

/** A refusal of the service around tickets; what the rules refuse has words of its own. */
export function refused(code: keyof typeof sentences, field?: string): Refusal {
  const [zh, en] = sentences[code];
  return new Refusal(code, { zh, en }, field);
}
