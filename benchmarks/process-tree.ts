import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second, and memory in pages of this size. */
const TICKS_PER_SECOND = 100;
const BYTES_PER_PAGE = 4096;

export interface Usage {
  /** User and system time since the start, of all processes and threads, including ended ones. */
  readonly cpuSeconds: number;
  /** Resident memory; pages that processes share count for each. */
  readonly rssBytes: number;
}

interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  readonly ticks: number;
  readonly pages: number;
}

/** The processes of a server: those of its first process's session, and all their descendants. */
export function processTree(root: number): readonly ProcessStat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readStat);
  const members = new Set([root]);
  for (let size = 0; size !== members.size;) {
    size = members.size;
    for (const { pid, parent, session } of all) if (session === root || members.has(parent)) members.add(pid);
  }
  return all.filter(({ pid }) => members.has(pid));
}

/** The usage of all processes of a server. Reading it takes milliseconds. */
export const usageOf = (root: number): Usage => sumOf(processTree(root));

/** The usage of one process, at the cost of reading one file. */
export const usageOfOne = (pid: number): Usage => sumOf(readStat(String(pid)));

function sumOf(processes: readonly ProcessStat[]): Usage {
  return {
    cpuSeconds: processes.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND,
    rssBytes: processes.reduce((sum, { pages }) => sum + pages, 0) * BYTES_PER_PAGE,
  };
}

/** See proc_pid_stat(5). Fields count from 1, and the second one, the name, may contain spaces and brackets. */
function readStat(pid: string): ProcessStat[] {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return []; // the process has ended
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  const ticks = field(14) + field(15) + field(16) + field(17);
  return [{ pid: Number(pid), parent: field(4), session: field(6), ticks, pages: field(24) }];
}
