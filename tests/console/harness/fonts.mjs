// A font for Devanagari, which few servers have: without it, Devanagari names show as boxes.
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The environment in which the browser finds the system's fonts and the one of the npm package. Fontconfig is Linux's. */
export async function fontEnvironment() {
  if (process.platform !== 'linux') return {};
  const folder = path.dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-devanagari/package.json'));
  const own = fileURLToPath(new URL('../../../target/console-fonts/', import.meta.url));
  await mkdir(own, { recursive: true });
  const file = path.join(own, 'fonts.conf');
  await writeFile(file, `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${path.join(folder, '400Regular')}</dir>
  <dir>${path.join(folder, '600SemiBold')}</dir>
  <cachedir>${own}</cachedir>
</fontconfig>
`);
  return { FONTCONFIG_FILE: file };
}
