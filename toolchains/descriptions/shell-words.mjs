// What people paste from a terminal or a browser becomes the words of each command, as a shell would have them.
// `$NAME` becomes the hole `{{NAME}}`. Nothing is run and no file name is expanded.
import { parse } from 'shell-quote';
import { Fault } from './fault.mjs';

const CONTINUED_LINE = /(^|\s)\\\r?\n\s*/g;
const CONTINUED_LINE_OF_WINDOWS = /\^\r?\n/;
const VARIABLE = /^\w+$/;
const ENDS_COMMAND = new Set([';', '&', '&&', '||', '|', '|&', ';;']);
const TAKES_A_FILE = new Set(['>', '>>', '<', '>&', '<&', '>|', '<>', '&>']);

// A list of lists of words; operators end a command, redirections are left out. An address with `&` that nobody quoted
// is taken whole, as it was meant.
export function commandsOf(text) {
  const commands = [[]];
  let skipsNext = false;
  const words = wordsOf(text);
  for (const [index, word] of words.entries()) {
    const last = commands.at(-1);
    if (typeof word === 'string') {
      if (!skipsNext) last.push(word);
      skipsNext = false;
    } else if (word.op === '&' && isQuery(last.at(-1)) && isPair(words[index + 1])) {
      words[index + 1] = `${last.pop()}&${words[index + 1]}`;
    } else if (ENDS_COMMAND.has(word.op)) {
      commands.push([]);
    } else if (TAKES_A_FILE.has(word.op)) {
      skipsNext = true;
    } else {
      throw new Fault(`\`${word.op}\` is a shell's; only commands of curl are read`);
    }
  }
  return commands.filter((words) => words.length > 0);
}

function isQuery(word) {
  return word !== undefined && /^[^\s=]+\?[^\s]*=/.test(word);
}

function isPair(word) {
  return typeof word === 'string' && /^[^\s=]+=/.test(word);
}

function wordsOf(text) {
  const words = [];
  let rest = CONTINUED_LINE_OF_WINDOWS.test(text) ? fromWindows(text) : text;
  rest = rest.replace(CONTINUED_LINE, '$1 ');
  while (rest !== '') {
    const parsed = parsedBy(rest);
    rest = '';
    for (const word of parsed) {
      if (word.comment !== undefined) rest = afterLine(word.comment);
      else if (word.op === 'glob') words.push(word.pattern);
      else words.push(word);
    }
  }
  return words;
}

function parsedBy(text) {
  try {
    return parse(text, (name) => (VARIABLE.test(name) ? `{{${name}}}` : `$${name}`));
  } catch (error) {
    throw new Fault(`a shell would not read it: ${error.message}`);
  }
}

// A comment ends with its line, the parser gives all that follows.
function afterLine(comment) {
  const end = comment.indexOf('\n');
  return end < 0 ? '' : comment.slice(end + 1);
}

// The command line of Windows, as browsers copy it: `^` before a character takes its meaning, and before the end of
// a line continues it.
function fromWindows(text) {
  return text.replace(/\^\r?\n\s*/g, ' ').replace(/\^([\s\S])/g, '$1');
}
