// URLs from outside.

/** A URL if it is one of the web and so may become a link, else `null`. */
export function webUrl(value) {
  try {
    return typeof value === 'string' && /^https?:$/.test(new URL(value).protocol) ? value : null;
  } catch {
    return null;
  }
}

/** Scheme, host and port of a URL that may be a template; `null` of text that is no URL with a host. */
export function originOf(url) {
  try {
    const { origin, protocol, host } = new URL(url.replace(/\{\{[^]*?\}\}/g, 'x').trim());
    return origin !== 'null' ? origin : host ? `${protocol}//${host}` : null;
  } catch {
    return null;
  }
}
