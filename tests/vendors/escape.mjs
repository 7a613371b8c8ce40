// Reads strings from standard input (JSON) and prints the commands that the vendors' own libraries write for them.
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import * as core from '@actions/core';
import tasks from 'azure-pipelines-task-lib/task.js';

let captured = '';
const write = process.stdout.write.bind(process.stdout);

/** What a call writes to standard output. */
function written(call) {
  captured = '';
  process.stdout.write = (text) => { captured += text; return true; };
  try {
    call();
  } finally {
    process.stdout.write = write;
  }
  return captured;
}

tasks.setStdStream(new Writable({ write(text, _, done) { captured += text; done(); } }));

const commands = JSON.parse(readFileSync(0, 'utf8')).map((text) => ({
  github: written(() => core.error(text, { title: text, file: text, startLine: 7 })),
  mask: written(() => core.setSecret(text)),
  group: written(() => core.startGroup(text)),
  azure: written(() => tasks.command('task.logissue', { type: 'error', code: text }, text)),
}));
// On a line of its own: the task library writes debug lines as soon as it is loaded.
write(`${JSON.stringify(commands)}\n`);
