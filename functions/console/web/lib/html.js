// Preact's elements as tagged templates, and its hooks.
import { Fragment, h, render } from 'preact';
import htm from 'htm';

export const html = htm.bind(h);
export { Fragment, render };
export { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
