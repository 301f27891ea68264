// URLs in reports, settings and responses.

/** Returns an HTTP or HTTPS URL, which may become a link, else `null`. */
export function webUrl(value) {
  try {
    return typeof value === 'string' && /^https?:$/.test(new URL(value).protocol) ? value : null;
  } catch {
    return null;
  }
}

/** Scheme, host and port of a URL that may be a template; `null` if the text is not a URL with a host. */
export function originOf(url) {
  try {
    const { origin, protocol, host } = new URL(url.replace(/\{\{[^]*?\}\}/g, 'x').trim());
    return origin !== 'null' ? origin : host ? `${protocol}//${host}` : null;
  } catch {
    return null;
  }
}
