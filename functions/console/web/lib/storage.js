// Web storage. If it is forbidden or full, nothing is stored and nothing fails.

export function read(storage, name) {
  try {
    return globalThis[storage].getItem(name);
  } catch {
    return null;
  }
}

export function write(storage, name, value) {
  try {
    if (value == null) globalThis[storage].removeItem(name);
    else globalThis[storage].setItem(name, value);
  } catch {
    // The value lasts only as long as this page.
  }
}

/** The names of the stored values. */
export function names(storage) {
  try {
    return Object.keys(globalThis[storage]);
  } catch {
    return [];
  }
}
