// Bundles the console into ../dist, which is committed, so that building the functions needs no Node.
//
//     node build.mjs [--out <folder>]
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));

/** Lets a module import a style sheet as text, bundled and minified: `import styles from './x.css?text'`. */
const styleTexts = {
  name: 'style-texts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.css\?text$/ }, ({ path: name, resolveDir }) => (
      // Relative: the path is part of the chunk's hash, and folders differ between machines.
      { path: path.relative(here, path.join(resolveDir, name.replace(/\?text$/, ''))), namespace: 'style-text' }));
    onLoad({ filter: /./, namespace: 'style-text' }, async ({ path: file }) => {
      const bundled = await build({ entryPoints: [path.resolve(here, file)], bundle: true, minify: true, write: false, metafile: true, absWorkingDir: here });
      const inputs = Object.keys(bundled.metafile.inputs).map((name) => path.resolve(here, name));
      return { contents: bundled.outputFiles[0].text.trim(), loader: 'text', watchFiles: inputs };
    });
  },
};

/** Options for bundling the console and the API reference. Each `import()` becomes a chunk. */
export const bundles = {
  absWorkingDir: here,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['es2022', 'chrome109', 'firefox115', 'safari16.4'],
  minify: true,
  legalComments: 'none',
  charset: 'utf8',
  entryNames: 'assets/[name]-[hash]',
  chunkNames: 'assets/[name]-[hash]',
  assetNames: 'assets/[name]-[hash]',
  metafile: true,
  plugins: [styleTexts],
};

/** Writes all served files into `out`. */
export async function buildConsole(out, options = {}) {
  await rm(out, { recursive: true, force: true });
  await mkdir(path.join(out, 'assets'), { recursive: true });
  // Bundled separately: together they would be split into shared chunks.
  const results = await Promise.all(['app', 'docs'].map((name) => build({ ...bundles, ...options, entryPoints: { [name]: `${name}.js` }, outdir: out })));
  const outputs = results.flatMap(({ metafile }) => Object.entries(metafile.outputs));
  const built = (entry) => {
    const [file, output] = outputs.find(([, output]) => output.entryPoint === entry) ?? [];
    if (!file) throw new Error(`${entry} was not bundled`);
    const relative = (name) => path.relative(out, path.resolve(here, name)).replaceAll(path.sep, '/');
    const imported = output.imports.filter(({ kind }) => kind === 'import-statement').map(({ path: name }) => relative(name));
    return { script: relative(file), style: output.cssBundle && relative(output.cssBundle), imported };
  };
  const icon = await iconOf(out);
  await writePage(out, 'index.html', { ...built('app.js'), icon });
  await writePage(out, 'docs.html', { ...built('docs.js'), icon });
  const names = thirdPartyNames(results.flatMap(({ metafile }) => Object.keys(metafile.inputs)));
  await writeFile(path.join(out, 'third-party.json'), `${JSON.stringify(await thirdParty(names), null, 2)}\n`);
}

async function iconOf(out) {
  const icon = await readFile(path.join(here, 'icon.svg'));
  const hash = createHash('sha256').update(icon).digest('hex').slice(0, 8).toUpperCase();
  const name = `assets/icon-${hash}.svg`;
  await writeFile(path.join(out, name), icon);
  return name;
}

/** Writes a page with the names of its assets. */
async function writePage(out, page, { imported, ...assets }) {
  const text = await readFile(path.join(here, page), 'utf8');
  // Without these the browser would find the chunks only after it has read the script.
  const preloaded = text.replace(/^(.*)\{\{import\}\}(.*)\n/m, (_, before, after) => imported.map((name) => `${before}${name}${after}\n`).join(''));
  const filled = preloaded.replace(/\{\{(script|style|icon)\}\}/g, (_, name) => {
    if (!assets[name]) throw new Error(`${page} has no ${name}`);
    return assets[name];
  });
  await writeFile(path.join(out, page), filled);
}

/** The packages in a bundle. */
function thirdPartyNames(inputs) {
  const names = new Set();
  for (const input of inputs) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) names.add(found[1]);
  }
  return names;
}

/** Version, licence and hash of packages, from the lock file. */
async function thirdParty(names) {
  const lock = JSON.parse(await readFile(path.join(here, 'package-lock.json'), 'utf8')).packages;
  return [...names].sort().map((name) => {
    const { version, license, integrity } = lock[`node_modules/${name}`];
    return { name, version, licence: license ?? 'unknown', integrity };
  });
}

/** The sizes of a build's files. */
export async function sizes(out) {
  const files = await readdir(path.join(out, 'assets'));
  return Promise.all(files.map(async (name) => [name, (await readFile(path.join(out, 'assets', name))).length]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf('--out');
  const out = path.resolve(at < 0 ? path.join(here, '..', 'dist') : process.argv[at + 1]);
  await buildConsole(out);
  for (const [name, bytes] of await sizes(out)) console.log(`${String(bytes).padStart(8)}  ${name}`);
}
