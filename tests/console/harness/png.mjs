// PNG files with a palette: a page has few colours, and a pixel takes one byte instead of three.
import { crc32 as crcOfNode, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

const table = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc >>> 0;
});
// Node 20 has `crc32` from 20.15 on.
const crc32 = crcOfNode ?? ((bytes) => (bytes.reduce((crc, byte) => table[(crc ^ byte) & 255] ^ (crc >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0);

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  crc.writeUInt32BE(crc32(body) >>> 0);
  return Buffer.concat([length, body, crc]);
}

/** The pixels of a PNG of 8 bits a channel, three bytes each. */
function decode(png) {
  let [width, height, channels] = [0, 0, 0];
  const parts = [];
  for (let at = 8; at < png.length;) {
    const [length, type] = [png.readUInt32BE(at), png.toString('latin1', at + 4, at + 8)];
    const data = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
      channels = { 2: 3, 6: 4 }[data[9]];
      if (data[8] !== 8 || !channels || data[12]) throw new Error('not a PNG as browsers write it');
    } else if (type === 'IDAT') parts.push(data);
    at += length + 12;
  }
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const lines = Buffer.alloc(height * stride);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const left = x >= channels ? lines[y * stride + x - channels] : 0;
      const up = y ? lines[(y - 1) * stride + x] : 0;
      const corner = y && x >= channels ? lines[(y - 1) * stride + x - channels] : 0;
      lines[y * stride + x] = raw[y * (stride + 1) + 1 + x] + predicted(filter, left, up, corner);
    }
  }
  const pixels = new Uint32Array(width * height);
  for (let index = 0; index < pixels.length; index += 1) {
    const start = index * channels;
    pixels[index] = (lines[start] << 16) | (lines[start + 1] << 8) | lines[start + 2];
  }
  return { width, height, pixels };
}

function predicted(filter, left, up, corner) {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** The most frequent colours, at most 256: edges of letters have many that hardly differ. */
function paletteOf(pixels) {
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const byCount = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  const chosen = byCount.slice(0, 96);
  for (const least of [24, 12, 6, 3, 1]) {
    for (const colour of byCount) {
      if (chosen.length >= 256) return chosen;
      if (chosen.every((other) => distance(colour, other) > least * least * 3)) chosen.push(colour);
    }
  }
  return chosen;
}

const distance = (a, b) => ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;

/** The same picture with a palette. */
export function withPalette(png) {
  const { width, height, pixels } = decode(png);
  const palette = paletteOf(pixels);
  const nearest = new Map(palette.map((colour, index) => [colour, index]));
  const indexOf = (colour) => {
    let index = nearest.get(colour);
    if (index === undefined) {
      index = 0;
      palette.forEach((other, at) => {
        if (distance(colour, other) < distance(colour, palette[index])) index = at;
      });
      nearest.set(colour, index);
    }
    return index;
  };
  const raw = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) raw[y * (width + 1) + 1 + x] = indexOf(pixels[y * width + x]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('PLTE', colours), chunk('IDAT', deflateSync(raw, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}
