import type { Response } from 'express';
import type { z } from 'zod';
import type { Role, Who } from './sessions.ts';

/** One thing that the API can do; the server's routes and the OpenAPI text are both made of these. */
export interface Operation {
  readonly method: 'get' | 'post';
  /** In OpenAPI's form: /api/calls/{call}/answer. */
  readonly path: string;
  readonly tag: 'calls' | 'seat' | 'floor' | 'plans' | 'site' | 'log-in' | 'practice' | 'health';
  readonly summary: string;
  readonly body: z.ZodType | null;
  /** What it answers; null: 204. */
  readonly answers: z.ZodType | null;
  /** Who may ask; left out: a seat. `anybody` need not be logged in. */
  readonly by?: Audience;
  readonly handle: (asked: Asked) => unknown;
}

export type Audience = 'anybody' | 'logged-in' | Exclude<Who['kind'], 'person'> | Role | 'staff';

export interface Asked {
  /** The asking seat; of others the empty string. */
  readonly seat: string;
  /** Null: not logged in. */
  readonly who: Who | null;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly res: Response;
}
