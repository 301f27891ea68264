// The options of a `curl` command.

/** Short options that take a value, each with the name of the long option; the others take none. */
const SHORT = {
  X: 'request', H: 'header', d: 'data', F: 'form', u: 'user', A: 'user-agent', b: 'cookie', e: 'referer', o: 'output', m: 'max-time', x: 'proxy',
  w: 'write-out', T: 'upload-file', c: 'cookie-jar', E: 'cert', r: 'range', t: 'telnet-option', K: 'config', D: 'dump-header', U: 'proxy-user', y: 'speed-time', Y: 'speed-limit', z: 'time-cond', C: 'continue-at', P: 'ftp-port', Q: 'quote',
};

/** Other long options that take a value. */
const WITH_VALUE = new Set([
  ...Object.values(SHORT), 'data-raw', 'data-binary', 'data-ascii', 'data-urlencode', 'json', 'form-string', 'url', 'oauth2-bearer', 'connect-timeout', 'retry',
  'retry-delay', 'retry-max-time', 'cacert', 'capath', 'cert-type', 'key', 'key-type', 'pass', 'resolve', 'connect-to', 'interface', 'limit-rate', 'max-redirs', 'noproxy', 'ciphers',
  'tls-max', 'url-query', 'aws-sigv4', 'unix-socket', 'dns-servers', 'proto', 'stderr', 'trace', 'trace-ascii',
]);

/** Options and operands of a command: pairs of the long name and the value. */
export function optionsOf(words) {
  const options = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word.startsWith('--') && word.length > 2) {
      const [name, value] = word.slice(2).split(/=(.*)/s, 2);
      options.push([name, WITH_VALUE.has(name) ? value ?? words[(at += 1)] ?? '' : null]);
    } else if (word.startsWith('-') && word.length > 1) {
      for (let letter = 1; letter < word.length; letter += 1) {
        const name = SHORT[word[letter]];
        if (!name) options.push([{ G: 'get', I: 'head', k: 'insecure', L: 'location' }[word[letter]] ?? word[letter], null]);
        else {
          options.push([name, word.slice(letter + 1) || (words[(at += 1)] ?? '')]);
          break;
        }
      }
    } else options.push(['url', word]);
  }
  return options;
}
