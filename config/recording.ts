import { z } from 'zod';
import { seconds, should, whole } from './values.ts';

// 录音: without this block nothing is recorded.

export const recording = z.strictObject({
  /** Where finished recordings are kept; a relative path begins at the configuration file. */
  folder: z
    .string()
    .regex(/^[^\p{Cc}]+$/u, should('文件夹路径', 'the path of a folder'))
    .max(1000),
  /** So long the sound is kept; what is known of it stays. */
  keepDays: whole(1, 36_500, { zh: '天', en: 'days' }).default(180),
  /** Left the citizen, right whom she hears. */
  stereo: z.boolean().default(true),
  /** So long a pause lasts at most. */
  pauseSeconds: seconds(5, 3600).default(120),
});
