// Sorts rows.

const isEmpty = (value) => value === undefined || value === null || value === '';

/** Sorts rows by `valueOf(row)`, ascending (`sign` 1) or descending (-1). Rows without a value are always last, and equal rows keep their order. */
export function sortedBy(rows, valueOf, sign) {
  const compare = (a, b) => {
    if (isEmpty(a) || isEmpty(b)) return Number(isEmpty(a)) - Number(isEmpty(b));
    return a === b ? 0 : (a < b ? -1 : 1) * sign;
  };
  return [...rows].sort((one, other) => compare(valueOf(one), valueOf(other)));
}
